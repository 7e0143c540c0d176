/* Sofia-SIP: everything it knows is in structures once the message is made; a message is one arena. */
#include <stdlib.h>
#include <string.h>
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/url.h>
#include "driver.h"

static const msg_mclass_t *message_class;
static msg_t *message;

void prepare_library(void) { message_class = sip_default_mclass(); }

static void unescape(char *to, size_t room, const url_t *url) {
  if (url->url_user != NULL && strlen(url->url_user) < room) url_unescape(to, url->url_user);
  else to[0] = '\0';
}

static void read_rest(const sip_t *sip, struct record *record) {
  record->vias = record->record_routes = record->contacts = 0;
  for (const sip_via_t *via = sip->sip_via; via != NULL; via = via->v_next) record->vias += 1;
  for (const sip_record_route_t *route = sip->sip_record_route; route != NULL; route = route->r_next) record->record_routes += 1;
  for (const sip_contact_t *contact = sip->sip_contact; contact != NULL; contact = contact->m_next) record->contacts += 1;
  record->contact = sip->sip_contact == NULL ? NULL : sip->sip_contact->m_url->url_host;
  unescape(record->from_user, sizeof record->from_user, sip->sip_from->a_url);
  unescape(record->to_user, sizeof record->to_user, sip->sip_to->a_url);
  record->type = sip->sip_content_type == NULL ? NULL : sip->sip_content_type->c_type;
}

int read_message(const char *bytes, size_t length, int everything, struct record *record) {
  message = msg_make(message_class, 0, bytes, (issize_t)length);
  const sip_t *sip = message == NULL ? NULL : sip_object(message);
  if (sip == NULL || sip->sip_error != NULL || sip->sip_via == NULL || sip->sip_from == NULL || sip->sip_to == NULL || sip->sip_call_id == NULL || sip->sip_cseq == NULL) return -1;
  record->method = sip->sip_request == NULL ? NULL : sip->sip_request->rq_method_name;
  record->host = sip->sip_request == NULL ? NULL : sip->sip_request->rq_url->url_host;
  record->status = sip->sip_status == NULL ? 0 : sip->sip_status->st_status;
  record->via_host = sip->sip_via->v_host;
  record->branch = sip->sip_via->v_branch;
  record->from_tag = sip->sip_from->a_tag;
  record->to_tag = sip->sip_to->a_tag;
  record->call_id = sip->sip_call_id->i_id;
  record->sequence = sip->sip_cseq->cs_seq;
  record->hops = sip->sip_max_forwards == NULL ? -1 : (int)sip->sip_max_forwards->mf_count;
  record->route = sip->sip_route == NULL ? NULL : sip->sip_route->r_url->url_host;
  if (everything) read_rest(sip, record);
  return 0;
}

void release_message(void) { msg_destroy(message); }
