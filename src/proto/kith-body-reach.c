/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7.5 and 7.7: the bodies that tell where somebody can be reached, and what all bodies
 * with endpoints share. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-body-private.h"

/* protobuf-c wants bytes that are not const. */
ProtobufCBinaryData
kith_body_bytes (const guint8 *data, gsize len)
{
  return (ProtobufCBinaryData){ .data = (guint8 *) data, .len = len };
}

GByteArray *
kith_body_pack (const ProtobufCMessage *message)
{
  gsize len = protobuf_c_message_get_packed_size (message);
  GByteArray *out = g_byte_array_sized_new ((guint) len);

  g_byte_array_set_size (out, (guint) len);
  protobuf_c_message_pack (message, out->data);
  return out;
}

/* What is no port is none. */
guint16
kith_body_take_port (guint32 port)
{
  return port <= G_MAXUINT16 ? (guint16) port : 0;
}

static void
fill_endpoint (Kith__Endpoint *out, const KithEndpoint *endpoint)
{
  kith__endpoint__init (out);
  out->address = kith_body_bytes (endpoint->address, kith_endpoint_get_len (endpoint));
  out->port = endpoint->port;
}

void
kith_body_fill_endpoints (KithPackedEndpoints *out, const KithEndpoints *endpoints)
{
  for (guint i = 0; i < endpoints->n; i++)
    {
      fill_endpoint (&out->items[i], &endpoints->items[i]);
      out->pointers[i] = &out->items[i];
    }
}

static gboolean
take_endpoint (KithEndpoint *out, const Kith__Endpoint *endpoint)
{
  return endpoint != NULL
         && kith_endpoint_set_bytes (out, endpoint->address.data, endpoint->address.len,
                                     endpoint->port);
}

/* More than we keep, or one that makes no sense, is no reason to close. */
void
kith_body_take_endpoints (KithEndpoints *out, Kith__Endpoint *const *endpoints, gsize n)
{
  for (gsize i = 0; i < n && out->n < KITH_LIMIT_ENDPOINTS; i++)
    if (take_endpoint (&out->items[out->n], endpoints[i]))
      out->n++;
}

/* --- ENDPOINTS ------------------------------------------------------------------------------ */

/**
 * kith_body_endpoints_pack:
 * @endpoints: where we can be reached
 * @dht_port: the UDP port of our node of the DHT; 0 = none
 *
 * Returns: (transfer full): the body of ENDPOINTS
 */
GByteArray *
kith_body_endpoints_pack (const KithEndpoints *endpoints, guint16 dht_port)
{
  Kith__Endpoints body = KITH__ENDPOINTS__INIT;
  KithPackedEndpoints packed;

  kith_body_fill_endpoints (&packed, endpoints);
  body.endpoints = packed.pointers;
  body.n_endpoints = endpoints->n;
  body.dht_port = dht_port;
  return kith_body_pack (&body.base);
}

/**
 * kith_body_endpoints_unpack:
 * @endpoints: (out caller-allocates): where they say they can be reached
 * @dht_port: (out): the UDP port of their node of the DHT; 0 = none
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of an ENDPOINTS
 */
gboolean
kith_body_endpoints_unpack (KithEndpoints *endpoints, guint16 *dht_port, const guint8 *data,
                            gsize len)
{
  Kith__Endpoints *body = kith__endpoints__unpack (NULL, len, data);

  *endpoints = (KithEndpoints){ .n = 0 };
  *dht_port = 0;
  if (body == NULL)
    return FALSE;

  kith_body_take_endpoints (endpoints, body->endpoints, body->n_endpoints);
  *dht_port = kith_body_take_port (body->dht_port);
  kith__endpoints__free_unpacked (body, NULL);
  return TRUE;
}

/* --- DIAL_BACK ------------------------------------------------------------------------------ */

/**
 * kith_body_dial_back_pack:
 * @self: a token, and the endpoints of the tries
 *
 * Returns: (transfer full): the body of DIAL_BACK
 */
GByteArray *
kith_body_dial_back_pack (const KithBodyDialBack *self)
{
  Kith__DialBack body = KITH__DIAL_BACK__INIT;
  KithEndpoints endpoints = { .n = self->n_tries };
  KithPackedEndpoints packed;

  for (guint i = 0; i < self->n_tries; i++)
    endpoints.items[i] = self->tries[i].endpoint;

  kith_body_fill_endpoints (&packed, &endpoints);
  body.token = self->token;
  body.endpoints = packed.pointers;
  body.n_endpoints = endpoints.n;
  return kith_body_pack (&body.base);
}

/**
 * kith_body_dial_back_unpack:
 * @self: (out caller-allocates): what they ask for; nothing is tried yet
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a DIAL_BACK
 */
gboolean
kith_body_dial_back_unpack (KithBodyDialBack *self, const guint8 *data, gsize len)
{
  Kith__DialBack *body = kith__dial_back__unpack (NULL, len, data);
  KithEndpoints endpoints = { .n = 0 };

  *self = (KithBodyDialBack){ 0 };
  if (body == NULL)
    return FALSE;

  kith_body_take_endpoints (&endpoints, body->endpoints, body->n_endpoints);
  self->token = body->token;
  self->n_tries = endpoints.n;
  for (guint i = 0; i < endpoints.n; i++)
    self->tries[i] = (KithDialTry){ endpoints.items[i], KITH_DIAL_NOT_TRIED };

  kith__dial_back__free_unpacked (body, NULL);
  return TRUE;
}

/**
 * kith_body_dial_back_result_pack:
 * @self: the token, how the tries went, and from where the session comes
 *
 * Returns: (transfer full): the body of DIAL_BACK_RESULT
 */
GByteArray *
kith_body_dial_back_result_pack (const KithBodyDialBack *self)
{
  Kith__DialBackResult body = KITH__DIAL_BACK_RESULT__INIT;
  Kith__DialTry tries[KITH_LIMIT_ENDPOINTS];
  Kith__DialTry *pointers[KITH_LIMIT_ENDPOINTS];
  Kith__Endpoint endpoints[KITH_LIMIT_ENDPOINTS];

  for (guint i = 0; i < self->n_tries; i++)
    {
      fill_endpoint (&endpoints[i], &self->tries[i].endpoint);
      kith__dial_try__init (&tries[i]);
      tries[i].endpoint = &endpoints[i];
      tries[i].result = (Kith__DialResult) self->tries[i].result;
      pointers[i] = &tries[i];
    }

  body.token = self->token;
  body.tries = pointers;
  body.n_tries = self->n_tries;
  if (self->seen.family != 0)
    body.seen_address = kith_body_bytes (self->seen.address, kith_endpoint_get_len (&self->seen));
  return kith_body_pack (&body.base);
}

static void
take_tries (KithBodyDialBack *self, const Kith__DialBackResult *body)
{
  for (gsize i = 0; i < body->n_tries && self->n_tries < KITH_LIMIT_ENDPOINTS; i++)
    {
      KithDialTry *try = &self->tries[self->n_tries];

      if (!take_endpoint (&try->endpoint, body->tries[i]->endpoint)
          || body->tries[i]->result < KITH__DIAL_RESULT__DIAL_REACHED
          || body->tries[i]->result > KITH__DIAL_RESULT__DIAL_NOT_TRIED)
        continue;

      try->result = (KithDialResult) body->tries[i]->result;
      self->n_tries++;
    }
}

/**
 * kith_body_dial_back_result_unpack:
 * @self: (out caller-allocates): how the tries went
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a DIAL_BACK_RESULT
 */
gboolean
kith_body_dial_back_result_unpack (KithBodyDialBack *self, const guint8 *data, gsize len)
{
  Kith__DialBackResult *body = kith__dial_back_result__unpack (NULL, len, data);

  *self = (KithBodyDialBack){ 0 };
  if (body == NULL)
    return FALSE;

  self->token = body->token;
  take_tries (self, body);
  if (kith_endpoint_set_bytes (&self->seen, body->seen_address.data, body->seen_address.len, 1))
    self->seen.port = 0;
  else
    self->seen = (KithEndpoint){ 0 };

  kith__dial_back_result__free_unpacked (body, NULL);
  return TRUE;
}
