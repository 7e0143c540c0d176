/* What a C library reads of one message: the fields of `RoutingSet` and `Everything` in src/subjects/parse.ts. */
#ifndef DRIVER_H
#define DRIVER_H

#include <stddef.h>

/* Text belongs to the library's message and lives until `release_message`; NULL where the message has no such field. */
struct record {
  const char *method; /* NULL in a response, which has a status. */
  int status;
  const char *host;
  const char *via_host;
  const char *branch;
  const char *from_tag;
  const char *to_tag;
  const char *call_id;
  const char *call_id_host; /* What follows the @, where the library keeps it apart. */
  unsigned long sequence;
  int hops; /* -1 without Max-Forwards. */
  const char *route;

  /* From here on only when everything is asked for. */
  int vias;
  int record_routes;
  int contacts;
  const char *contact;
  char from_user[64]; /* Unescaped, as is the next. */
  char to_user[64];
  const char *type;
  const char *subtype; /* Where the library keeps it apart from the type. */
};

void prepare_library(void);

/* 0 when the library takes the message. */
int read_message(const char *bytes, size_t length, int everything, struct record *record);

/* Frees what the last `read_message` made. */
void release_message(void);

#endif
