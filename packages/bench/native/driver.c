/*
 * One C library under one task: `driver <corpus> <route|everything> <check|measure>`.
 * check: one JSON object per message on standard output, in the order of the corpus.
 * measure: for every line of standard input, which is a count, reads as many messages and prints the CPU time in µs.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "corpus.h"
#include "driver.h"

static const char *text_or_empty(const char *text) { return text == NULL ? "" : text; }

static void print_characters(const char *text) {
  for (; *text != '\0'; text += 1) {
    if (*text == '"' || *text == '\\') putchar('\\');
    putchar(*text);
  }
}

/* A member of the object; the parts of a value that the library keeps apart are put together. */
static void print_text(const char *name, const char *text, char between, const char *rest) {
  printf(",\"%s\":\"", name);
  print_characters(text_or_empty(text));
  if (rest != NULL) {
    putchar(between);
    print_characters(rest);
  }
  putchar('"');
}

static void print_record(const struct record *record, int everything) {
  if (record->method != NULL) printf("{\"what\":\"%s\"", record->method);
  else printf("{\"what\":%d", record->status);
  print_text("host", record->host, 0, NULL);
  print_text("viaHost", record->via_host, 0, NULL);
  print_text("branch", record->branch, 0, NULL);
  print_text("fromTag", record->from_tag, 0, NULL);
  print_text("toTag", record->to_tag, 0, NULL);
  print_text("callId", record->call_id, '@', record->call_id_host);
  printf(",\"sequence\":%lu,\"hops\":%d", record->sequence, record->hops);
  print_text("route", record->route, 0, NULL);
  if (everything) {
    printf(",\"vias\":%d,\"recordRoutes\":%d,\"contacts\":%d", record->vias, record->record_routes, record->contacts);
    print_text("contact", record->contact, 0, NULL);
    print_text("fromUser", record->from_user, 0, NULL);
    print_text("toUser", record->to_user, 0, NULL);
    print_text("type", record->type, '/', record->subtype);
  }
  puts("}");
}

static void read_or_fail(const struct message *message, int everything, struct record *record) {
  if (read_message(message->bytes, message->length, everything, record) != 0) fail("The library refused a message of the corpus");
}

static void check(const struct corpus *corpus, int everything) {
  for (size_t index = 0; index < corpus->count; index += 1) {
    struct record record = { 0 };
    read_or_fail(&corpus->messages[index], everything, &record);
    print_record(&record, everything);
    release_message();
  }
}

static void measure(const struct corpus *corpus, int everything) {
  struct record record = { 0 };
  volatile unsigned long used = 0;
  size_t next = 0;
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int64_t before = cpu_nanoseconds();
    for (long left = strtol(line, NULL, 10); left > 0; left -= 1) {
      read_or_fail(&corpus->messages[next], everything, &record);
      used += record.sequence + (unsigned long)record.hops;
      release_message();
      next = next + 1 == corpus->count ? 0 : next + 1;
    }
    printf("%lld\n", (long long)((cpu_nanoseconds() - before) / 1000));
    fflush(stdout);
  }
}

int main(int count, char **arguments) {
  if (count != 4) fail("usage: driver <corpus> <route|everything> <check|measure>");
  struct corpus corpus = read_corpus(arguments[1]);
  int everything = strcmp(arguments[2], "everything") == 0;
  prepare_library();
  if (strcmp(arguments[3], "check") == 0) check(&corpus, everything);
  else measure(&corpus, everything);
  return 0;
}
