/* libosip2: every field of the message is allocated and read at once, URIs with lists of their parameters. */
#include <stdlib.h>
#include <string.h>
#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>
#include "driver.h"

static osip_message_t *message;

void prepare_library(void) { parser_init(); }

static const char *host_of(const osip_uri_t *uri) { return uri == NULL ? NULL : uri->host; }

static const char *parameter_of(osip_list_t *parameters, const char *name) {
  osip_generic_param_t *parameter = NULL;
  osip_uri_param_get_byname(parameters, (char *)name, &parameter);
  return parameter == NULL ? NULL : parameter->gvalue;
}

/* The library has unescaped the user already. */
static void copy_user(char *to, size_t room, const osip_uri_t *uri) {
  const char *user = uri == NULL || uri->username == NULL ? "" : uri->username;
  if (strlen(user) < room) strcpy(to, user);
  else to[0] = '\0';
}

static void read_rest(struct record *record) {
  osip_contact_t *contact = osip_list_get(&message->contacts, 0);
  record->vias = osip_list_size(&message->vias);
  record->record_routes = osip_list_size(&message->record_routes);
  record->contacts = osip_list_size(&message->contacts);
  record->contact = contact == NULL ? NULL : host_of(contact->url);
  copy_user(record->from_user, sizeof record->from_user, message->from->url);
  copy_user(record->to_user, sizeof record->to_user, message->to->url);
  record->type = message->content_type == NULL ? NULL : message->content_type->type;
  record->subtype = message->content_type == NULL ? NULL : message->content_type->subtype;
}

int read_message(const char *bytes, size_t length, int everything, struct record *record) {
  osip_header_t *hops = NULL;
  if (osip_message_init(&message) != 0 || osip_message_parse(message, bytes, length) != 0) return -1;
  osip_via_t *via = osip_list_get(&message->vias, 0);
  osip_route_t *route = osip_list_get(&message->routes, 0);
  if (via == NULL || message->from == NULL || message->to == NULL || message->call_id == NULL || message->cseq == NULL) return -1;
  record->method = message->sip_method;
  record->status = message->status_code;
  record->host = host_of(message->req_uri);
  record->via_host = via->host;
  record->branch = parameter_of(&via->via_params, "branch");
  record->from_tag = parameter_of(&message->from->gen_params, "tag");
  record->to_tag = parameter_of(&message->to->gen_params, "tag");
  record->call_id = message->call_id->number;
  record->call_id_host = message->call_id->host;
  record->sequence = strtoul(message->cseq->number, NULL, 10);
  osip_message_header_get_byname(message, "max-forwards", 0, &hops);
  record->hops = hops == NULL ? -1 : atoi(hops->hvalue);
  record->route = route == NULL ? NULL : host_of(route->url);
  if (everything) read_rest(record);
  return 0;
}

void release_message(void) { osip_message_free(message); }
