/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4 to 8: the protobuf bodies of records, checked. What is packed here is our own and
 * always valid; what is unpacked is untrusted. protobuf-c wants strings and bytes that are not
 * const: the casts for that are in kith_body_bytes() and text_of(). */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-body.h"

#include <string.h>

#include "base/kith-secret.h"
#include "base/kith-text.h"
#include "proto/kith-body-private.h"

static char *
text_of (const char *text)
{
  return (char *) (text != NULL ? text : "");
}

/**
 * kith_body_take_bytes: (skip)
 * @from: a field; untrusted
 * @to: (out caller-allocates) (array length=len): its bytes
 * @len: how many it has to have
 *
 * Returns: whether it has so many
 */
gboolean
kith_body_take_bytes (const ProtobufCBinaryData *from, guint8 *to, gsize len)
{
  if (from->len != len)
    return FALSE;

  memcpy (to, from->data, len);
  return TRUE;
}

/* protobuf-c does not check that strings are UTF-8, and cuts them at NUL. */
static gboolean
is_text (const char *text)
{
  return g_utf8_validate (text, -1, NULL);
}

/* --- OPEN, OPEN_OK, ACCEPT ------------------------------------------------------------------ */

static gboolean
take_profile (char **name, const Kith__Profile *profile)
{
  if (profile == NULL)
    return TRUE;
  if (!is_text (profile->name))
    return FALSE;

  *name = kith_text_sanitize_name (profile->name);
  return TRUE;
}

/**
 * kith_body_open_clear:
 * @self: a body
 *
 * Frees what it owns and empties it.
 */
void
kith_body_open_clear (KithBodyOpen *self)
{
  g_free (self->name);
  kith_secret_free_text (self->text);
  *self = (KithBodyOpen){ 0 };
}

/**
 * kith_body_open_pack:
 * @self: bind, instance, purpose, name, text, endpoints and groups
 *
 * Returns: (transfer full): the body of OPEN
 */
GByteArray *
kith_body_open_pack (const KithBodyOpen *self)
{
  Kith__Open open = KITH__OPEN__INIT;
  Kith__Profile profile = KITH__PROFILE__INIT;
  ProtobufCBinaryData groups[KITH_LIMIT_GROUPS_SHARED];
  KithPackedEndpoints endpoints;

  kith_body_fill_endpoints (&endpoints, &self->endpoints);
  profile.name = text_of (self->name);
  open.bind = kith_body_bytes (self->bind, sizeof self->bind);
  open.instance = kith_body_bytes (self->instance, sizeof self->instance);
  open.purpose = (Kith__Purpose) self->purpose;
  if (self->has_invite || self->purpose == KITH_PURPOSE_INVITE)
    {
      open.invite_id = kith_body_bytes (self->invite_id, sizeof self->invite_id);
      open.invite_proof = kith_body_bytes (self->invite_proof, sizeof self->invite_proof);
    }
  open.profile = &profile;
  open.text = text_of (self->text);
  open.endpoints = endpoints.pointers;
  open.n_endpoints = self->endpoints.n;
  open.dht_port = self->dht_port;
  open.hidden = self->hidden;
  kith_body_fill_groups (groups, self);
  open.groups = groups;
  open.n_groups = self->n_groups;
  return kith_body_pack (&open.base);
}

static gboolean
take_open (KithBodyOpen *self, const Kith__Open *open)
{
  if (!kith_body_take_bytes (&open->bind, self->bind, sizeof self->bind)
      || !kith_body_take_bytes (&open->instance, self->instance, sizeof self->instance)
      || open->purpose < KITH__PURPOSE__PURPOSE_CONTACT
      || open->purpose > KITH__PURPOSE__PURPOSE_GROUP || !is_text (open->text))
    return FALSE;

  self->purpose = (KithPurpose) open->purpose;
  self->has_invite = self->purpose == KITH_PURPOSE_INVITE
                     || (self->purpose == KITH_PURPOSE_GROUP && open->invite_id.len > 0);
  if (self->has_invite
      && (!kith_body_take_bytes (&open->invite_id, self->invite_id, sizeof self->invite_id)
          || !kith_body_take_bytes (&open->invite_proof, self->invite_proof, sizeof self->invite_proof)))
    return FALSE;

  self->dht_port = kith_body_take_port (open->dht_port);
  self->hidden = open->hidden != 0;
  self->text = kith_text_sanitize_request (open->text);
  kith_body_take_endpoints (&self->endpoints, open->endpoints, open->n_endpoints);
  return kith_body_take_groups (self, open->groups, open->n_groups)
         && take_profile (&self->name, open->profile);
}

/**
 * kith_body_open_unpack:
 * @self: (out caller-allocates): the body
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of an OPEN
 */
gboolean
kith_body_open_unpack (KithBodyOpen *self, const guint8 *data, gsize len)
{
  Kith__Open *open = kith__open__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyOpen){ 0 };
  if (open == NULL)
    return FALSE;

  ok = take_open (self, open);
  kith__open__free_unpacked (open, NULL);
  if (!ok)
    kith_body_open_clear (self);

  return ok;
}

/**
 * kith_body_open_ok_pack:
 * @self: bind, instance, pending, name and text if there are any and, unless pending, endpoints
 *
 * Returns: (transfer full): the body of OPEN_OK
 */
GByteArray *
kith_body_open_ok_pack (const KithBodyOpen *self)
{
  Kith__OpenOk open_ok = KITH__OPEN_OK__INIT;
  Kith__Profile profile = KITH__PROFILE__INIT;
  KithPackedEndpoints endpoints;

  open_ok.bind = kith_body_bytes (self->bind, sizeof self->bind);
  open_ok.instance = kith_body_bytes (self->instance, sizeof self->instance);
  open_ok.pending = self->pending;
  open_ok.text = text_of (self->text);
  if (self->name != NULL)
    {
      profile.name = text_of (self->name);
      open_ok.profile = &profile;
    }
  if (!self->pending)
    {
      kith_body_fill_endpoints (&endpoints, &self->endpoints);
      open_ok.endpoints = endpoints.pointers;
      open_ok.n_endpoints = self->endpoints.n;
      open_ok.dht_port = self->dht_port;
    }
  open_ok.hidden = self->hidden;
  return kith_body_pack (&open_ok.base);
}

/**
 * kith_body_open_ok_unpack:
 * @self: (out caller-allocates): the body
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of an OPEN_OK
 */
gboolean
kith_body_open_ok_unpack (KithBodyOpen *self, const guint8 *data, gsize len)
{
  Kith__OpenOk *open_ok = kith__open_ok__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyOpen){ 0 };
  if (open_ok == NULL)
    return FALSE;

  ok = kith_body_take_bytes (&open_ok->bind, self->bind, sizeof self->bind)
       && kith_body_take_bytes (&open_ok->instance, self->instance, sizeof self->instance)
       && is_text (open_ok->text) && take_profile (&self->name, open_ok->profile);
  self->pending = open_ok->pending != 0;
  self->dht_port = kith_body_take_port (open_ok->dht_port);
  self->hidden = open_ok->hidden != 0;
  if (ok)
    {
      self->text = kith_text_sanitize_request (open_ok->text);
      kith_body_take_endpoints (&self->endpoints, open_ok->endpoints, open_ok->n_endpoints);
    }
  kith__open_ok__free_unpacked (open_ok, NULL);
  if (!ok)
    kith_body_open_clear (self);

  return ok;
}

/**
 * kith_body_accept_pack:
 * @self: name and endpoints
 *
 * Returns: (transfer full): the body of ACCEPT
 */
GByteArray *
kith_body_accept_pack (const KithBodyOpen *self)
{
  Kith__Accept accept = KITH__ACCEPT__INIT;
  Kith__Profile profile = KITH__PROFILE__INIT;
  KithPackedEndpoints endpoints;

  kith_body_fill_endpoints (&endpoints, &self->endpoints);
  profile.name = text_of (self->name);
  accept.profile = &profile;
  accept.endpoints = endpoints.pointers;
  accept.n_endpoints = self->endpoints.n;
  accept.dht_port = self->dht_port;
  accept.hidden = self->hidden;
  return kith_body_pack (&accept.base);
}

/**
 * kith_body_accept_unpack:
 * @self: (out caller-allocates): the body
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of an ACCEPT
 */
gboolean
kith_body_accept_unpack (KithBodyOpen *self, const guint8 *data, gsize len)
{
  Kith__Accept *accept = kith__accept__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyOpen){ 0 };
  if (accept == NULL)
    return FALSE;

  ok = take_profile (&self->name, accept->profile);
  if (ok)
    {
      kith_body_take_endpoints (&self->endpoints, accept->endpoints, accept->n_endpoints);
      self->dht_port = kith_body_take_port (accept->dht_port);
      self->hidden = accept->hidden != 0;
    }
  kith__accept__free_unpacked (accept, NULL);
  return ok;
}

/* --- Small ones ----------------------------------------------------------------------------- */

/**
 * kith_body_profile_pack:
 * @name: our name
 *
 * Returns: (transfer full): the body of PROFILE
 */
GByteArray *
kith_body_profile_pack (const char *name)
{
  Kith__Profile profile = KITH__PROFILE__INIT;

  profile.name = text_of (name);
  return kith_body_pack (&profile.base);
}

/**
 * kith_body_profile_unpack:
 * @name: (out) (transfer full) (nullable): the sanitised name
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a PROFILE
 */
gboolean
kith_body_profile_unpack (char **name, const guint8 *data, gsize len)
{
  Kith__Profile *profile = kith__profile__unpack (NULL, len, data);
  gboolean ok;

  *name = NULL;
  if (profile == NULL)
    return FALSE;

  ok = take_profile (name, profile);
  kith__profile__free_unpacked (profile, NULL);
  return ok;
}

/**
 * kith_body_bye_pack:
 * @reason: why
 *
 * Returns: (transfer full): the body of BYE
 */
GByteArray *
kith_body_bye_pack (KithByeReason reason)
{
  Kith__Bye bye = KITH__BYE__INIT;

  bye.reason = (Kith__ByeReason) reason;
  return kith_body_pack (&bye.base);
}

/**
 * kith_body_bye_unpack:
 * @reason: (out): why; what is not known counts as %KITH_BYE_SHUTDOWN
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a BYE
 */
gboolean
kith_body_bye_unpack (KithByeReason *reason, const guint8 *data, gsize len)
{
  Kith__Bye *bye = kith__bye__unpack (NULL, len, data);

  *reason = KITH_BYE_SHUTDOWN;
  if (bye == NULL)
    return FALSE;

  if (bye->reason >= KITH__BYE_REASON__BYE_SHUTDOWN && bye->reason <= KITH__BYE_REASON__BYE_OTHER_DEVICE)
    *reason = (KithByeReason) bye->reason;
  kith__bye__free_unpacked (bye, NULL);
  return TRUE;
}

/**
 * kith_body_ping_pack:
 * @token: what the PONG has to repeat
 *
 * Returns: (transfer full): the body of PING or PONG
 */
GByteArray *
kith_body_ping_pack (guint64 token)
{
  Kith__Ping ping = KITH__PING__INIT;

  ping.token = token;
  return kith_body_pack (&ping.base);
}

/**
 * kith_body_ping_unpack:
 * @token: (out): the token
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a PING or PONG
 */
gboolean
kith_body_ping_unpack (guint64 *token, const guint8 *data, gsize len)
{
  Kith__Ping *ping = kith__ping__unpack (NULL, len, data);

  *token = 0;
  if (ping == NULL)
    return FALSE;

  *token = ping->token;
  kith__ping__free_unpacked (ping, NULL);
  return TRUE;
}

/**
 * kith_body_pair_pack:
 * @r: 32 random bytes
 *
 * Returns: (transfer full): the body of PAIR
 */
GByteArray *
kith_body_pair_pack (const guint8 r[KITH_PAIR_BYTES])
{
  Kith__Pair pair = KITH__PAIR__INIT;

  pair.r = kith_body_bytes (r, KITH_PAIR_BYTES);
  return kith_body_pack (&pair.base);
}

/**
 * kith_body_pair_unpack:
 * @r: (out caller-allocates): their random bytes
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a PAIR
 */
gboolean
kith_body_pair_unpack (guint8 r[KITH_PAIR_BYTES], const guint8 *data, gsize len)
{
  Kith__Pair *pair = kith__pair__unpack (NULL, len, data);
  gboolean ok;

  if (pair == NULL)
    return FALSE;

  ok = kith_body_take_bytes (&pair->r, r, KITH_PAIR_BYTES);
  kith__pair__free_unpacked (pair, NULL);
  return ok;
}

/* --- MSG and ACK ---------------------------------------------------------------------------- */

/**
 * kith_body_msg_clear:
 * @self: a body
 *
 * Frees what it owns and empties it.
 */
void
kith_body_msg_clear (KithBodyMsg *self)
{
  kith_secret_free_text (self->text);
  kith_body_file_free (self->file);
  *self = (KithBodyMsg){ 0 };
}

/**
 * kith_body_msg_pack:
 * @self: a message
 *
 * Returns: (transfer full): the body of MSG
 */
GByteArray *
kith_body_msg_pack (const KithBodyMsg *self)
{
  Kith__Msg msg = KITH__MSG__INIT;
  KithPackedContent content;

  msg.id = kith_body_bytes (self->id.bytes, sizeof self->id.bytes);
  msg.seq = self->seq;
  msg.hlc = self->hlc;
  msg.ttl_s = self->content == KITH_CONTENT_TEXT || self->content == KITH_CONTENT_FILE ? self->ttl_s : 0;
  msg.broadcast = self->broadcast;
  msg.quiet = self->quiet;
  kith_body_fill_content (&msg, &content, self);
  return kith_body_pack (&msg.base);
}

static gboolean
take_msg (KithBodyMsg *self, const Kith__Msg *msg)
{
  if (!kith_body_take_bytes (&msg->id, self->id.bytes, sizeof self->id.bytes) || msg->seq == 0
      || msg->seq > G_MAXINT64)
    return FALSE;

  self->seq = msg->seq;
  self->hlc = msg->hlc;
  self->broadcast = msg->broadcast != 0;
  self->quiet = msg->quiet != 0;
  return kith_body_take_content (self, msg);
}

static void
wipe_msg (Kith__Msg *msg)
{
  if (msg->content_case == KITH__MSG__CONTENT_TEXT)
    kith_secret_wipe (msg->text->text, strlen (msg->text->text));
  else if (msg->content_case == KITH__MSG__CONTENT_EDIT)
    kith_secret_wipe (msg->edit->text, strlen (msg->edit->text));
}

/**
 * kith_body_msg_unpack:
 * @self: (out caller-allocates): the message
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a MSG
 */
gboolean
kith_body_msg_unpack (KithBodyMsg *self, const guint8 *data, gsize len)
{
  Kith__Msg *msg = kith__msg__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyMsg){ 0 };
  if (msg == NULL)
    return FALSE;

  ok = take_msg (self, msg);
  wipe_msg (msg);
  kith__msg__free_unpacked (msg, NULL);
  if (!ok)
    kith_body_msg_clear (self);

  return ok;
}

/**
 * kith_body_ack_pack:
 * @self: an acknowledgement
 *
 * Returns: (transfer full): the body of ACK
 */
GByteArray *
kith_body_ack_pack (const KithBodyAck *self)
{
  Kith__Ack ack = KITH__ACK__INIT;
  ProtobufCBinaryData ids[KITH_LIMIT_ACK_IDS];

  for (guint i = 0; i < self->n_ids; i++)
    ids[i] = kith_body_bytes (self->ids[i].bytes, sizeof self->ids[i].bytes);

  ack.kind = self->kind == KITH_ACK_READ ? KITH__ACK_KIND__ACK_READ : KITH__ACK_KIND__ACK_DELIVERED;
  ack.ids = ids;
  ack.n_ids = self->n_ids;
  ack.up_to_seq = self->up_to_seq;
  return kith_body_pack (&ack.base);
}

static gboolean
take_ack (KithBodyAck *self, const Kith__Ack *ack)
{
  if (ack->kind < KITH__ACK_KIND__ACK_DELIVERED || ack->kind > KITH__ACK_KIND__ACK_READ
      || ack->n_ids > KITH_LIMIT_ACK_IDS)
    return FALSE;

  self->kind = ack->kind == KITH__ACK_KIND__ACK_READ ? KITH_ACK_READ : KITH_ACK_DELIVERED;
  self->up_to_seq = ack->up_to_seq;
  self->n_ids = (guint) ack->n_ids;
  for (guint i = 0; i < self->n_ids; i++)
    if (!kith_body_take_bytes (&ack->ids[i], self->ids[i].bytes, sizeof self->ids[i].bytes))
      return FALSE;

  return TRUE;
}

/**
 * kith_body_ack_unpack:
 * @self: (out caller-allocates): the acknowledgement
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of an ACK
 */
gboolean
kith_body_ack_unpack (KithBodyAck *self, const guint8 *data, gsize len)
{
  Kith__Ack *ack = kith__ack__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyAck){ 0 };
  if (ack == NULL)
    return FALSE;

  ok = take_ack (self, ack);
  kith__ack__free_unpacked (ack, NULL);
  return ok;
}
