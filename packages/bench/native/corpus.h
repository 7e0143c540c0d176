/*
 * What is read and measured. A corpus is messages one after the other in a file, each behind its length
 * in four bytes, least significant first.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stddef.h>
#include <stdint.h>

struct message {
  const char *bytes;
  size_t length;
};

struct corpus {
  struct message *messages;
  size_t count;
};

/* Ends the program with a line on standard error. */
void fail(const char *what);

struct corpus read_corpus(const char *path);

/* CPU time of this process. */
int64_t cpu_nanoseconds(void);

#endif
