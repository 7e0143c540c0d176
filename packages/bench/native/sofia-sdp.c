/*
 * Sofia-SIP's parser of session descriptions: `sofia-sdp <corpus> description <check|measure>`, as driver.c for messages.
 * Codecs with their parameters, connections and directions are typed in its structures; all other attributes are names and values.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sofia-sip/sdp.h>
#include "corpus.h"

static sdp_parser_t *parser;

static sdp_session_t *read_description(const struct message *message) {
  parser = sdp_parse(NULL, message->bytes, (issize_t)message->length, 0);
  sdp_session_t *session = sdp_session(parser);
  if (session == NULL) fail("The library refused a description of the corpus");
  return session;
}

static void print_stream(const sdp_media_t *media) {
  int codecs = 0;
  int candidates = 0;
  int extensions = 0;
  for (const sdp_rtpmap_t *map = media->m_rtpmaps; map != NULL; map = map->rm_next) codecs += 1;
  for (const sdp_attribute_t *attribute = media->m_attributes; attribute != NULL; attribute = attribute->a_next) {
    if (strcmp(attribute->a_name, "candidate") == 0) candidates += 1;
    if (strcmp(attribute->a_name, "extmap") == 0) extensions += 1;
  }
  printf("{\"port\":%lu,\"codecs\":%d,\"candidates\":%d,\"extensions\":%d}", media->m_port, codecs, candidates, extensions);
}

static void check(const struct corpus *corpus) {
  for (size_t index = 0; index < corpus->count; index += 1) {
    const sdp_session_t *session = read_description(&corpus->messages[index]);
    putchar('[');
    for (const sdp_media_t *media = session->sdp_media; media != NULL; media = media->m_next) {
      print_stream(media);
      if (media->m_next != NULL) putchar(',');
    }
    puts("]");
    sdp_parser_free(parser);
  }
}

static void measure(const struct corpus *corpus) {
  volatile unsigned long used = 0;
  size_t next = 0;
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int64_t before = cpu_nanoseconds();
    for (long left = strtol(line, NULL, 10); left > 0; left -= 1) {
      used += read_description(&corpus->messages[next])->sdp_media->m_port;
      sdp_parser_free(parser);
      next = next + 1 == corpus->count ? 0 : next + 1;
    }
    printf("%lld\n", (long long)((cpu_nanoseconds() - before) / 1000));
    fflush(stdout);
  }
}

int main(int count, char **arguments) {
  if (count != 4) fail("usage: sofia-sdp <corpus> description <check|measure>");
  struct corpus corpus = read_corpus(arguments[1]);
  if (strcmp(arguments[3], "check") == 0) check(&corpus);
  else measure(&corpus);
  return 0;
}
