/* Reading a corpus, and the clock. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "corpus.h"

void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail("The corpus cannot be read");
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  if (bytes == NULL || fread(bytes, 1, *size, file) != *size) fail("The corpus cannot be read");
  fclose(file);
  return bytes;
}

struct corpus read_corpus(const char *path) {
  size_t size = 0;
  const char *bytes = read_file(path, &size);
  /* No message is shorter than the length before it. */
  struct corpus corpus = { malloc((size / 4 + 1) * sizeof(struct message)), 0 };
  if (corpus.messages == NULL) fail("No memory for the corpus");
  for (size_t at = 0; at + 4 <= size;) {
    const unsigned char *prefix = (const unsigned char *)bytes + at;
    size_t length = prefix[0] | (size_t)prefix[1] << 8 | (size_t)prefix[2] << 16 | (size_t)prefix[3] << 24;
    at += 4;
    if (length > size - at) fail("The corpus ends within a message");
    corpus.messages[corpus.count++] = (struct message){ bytes + at, length };
    at += length;
  }
  if (corpus.count == 0) fail("The corpus is empty");
  return corpus;
}

int64_t cpu_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
