/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.3: what the entries of a group say. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-content.h"

#include <string.h>

#include "base/kith-secret.h"
#include "base/kith-text.h"
#include "proto/kith-group-body-private.h"

/**
 * kith_group_content_clear:
 * @self: a content
 *
 * Frees what it has.
 */
void
kith_group_content_clear (KithGroupContent *self)
{
  g_clear_pointer (&self->text, kith_secret_free_text);
  g_clear_pointer (&self->file, kith_body_file_free);
}

typedef union
{
  Kith__GroupFile     file;
  Kith__GroupText     text;
  Kith__GroupEdit     edit;
  Kith__GroupDelete   deletion;
  Kith__GroupReaction reaction;
  Kith__GroupTopic    topic;
} Packed;

static void
fill_text (Kith__GroupContent *out, Packed *packed, const KithGroupContent *self)
{
  kith__group_text__init (&packed->text);
  packed->text.text = self->text;
  packed->text.ttl_s = self->ttl_s;
  if (self->has_target)
    packed->text.reply_to = kith_body_bytes (self->target, sizeof self->target);
  out->content_case = KITH__GROUP_CONTENT__CONTENT_TEXT;
  out->text = &packed->text;
}

static void
fill_edit (Kith__GroupContent *out, Packed *packed, const KithGroupContent *self)
{
  kith__group_edit__init (&packed->edit);
  packed->edit.text = self->text;
  packed->edit.target = kith_body_bytes (self->target, sizeof self->target);
  out->content_case = KITH__GROUP_CONTENT__CONTENT_EDIT;
  out->edit = &packed->edit;
}

static void
fill_delete (Kith__GroupContent *out, Packed *packed, const KithGroupContent *self)
{
  kith__group_delete__init (&packed->deletion);
  packed->deletion.target = kith_body_bytes (self->target, sizeof self->target);
  out->content_case = KITH__GROUP_CONTENT__CONTENT_DELETE;
  out->delete_ = &packed->deletion;
}

static void
fill_reaction (Kith__GroupContent *out, Packed *packed, const KithGroupContent *self)
{
  kith__group_reaction__init (&packed->reaction);
  packed->reaction.emoji = self->text;
  packed->reaction.target = kith_body_bytes (self->target, sizeof self->target);
  out->content_case = KITH__GROUP_CONTENT__CONTENT_REACTION;
  out->reaction = &packed->reaction;
}

static void
fill_topic (Kith__GroupContent *out, Packed *packed, const KithGroupContent *self)
{
  kith__group_topic__init (&packed->topic);
  packed->topic.text = self->text;
  out->content_case = KITH__GROUP_CONTENT__CONTENT_TOPIC;
  out->topic = &packed->topic;
}

/* The offer is that of a message between two people. (transfer full) */
static GBytes *
pack_offer (const KithGroupContent *self)
{
  Kith__FileOffer offer;

  kith_body_fill_file (&offer, self->file);
  if (self->has_target)
    offer.reply_to = kith_body_bytes (self->target, sizeof self->target);
  return kith_group_pack (&offer.base);
}

static void
fill_file (Kith__GroupContent *out, Packed *packed, const KithGroupContent *self, GBytes *offer)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (offer, &len);

  kith__group_file__init (&packed->file);
  packed->file.offer = kith_body_bytes (data, len);
  packed->file.ttl_s = self->ttl_s;
  out->content_case = KITH__GROUP_CONTENT__CONTENT_FILE;
  out->file = &packed->file;
}

/**
 * kith_group_content_pack:
 * @self: a content, with a text wherever its kind has one
 *
 * Returns: (transfer full): what goes into an entry of kind message
 */
GBytes *
kith_group_content_pack (const KithGroupContent *self)
{
  Kith__GroupContent out = KITH__GROUP_CONTENT__INIT;
  g_autoptr (GBytes) offer = NULL;
  Packed packed;

  switch (self->kind)
    {
    case KITH_GROUP_CONTENT_TEXT:
      fill_text (&out, &packed, self);
      break;
    case KITH_GROUP_CONTENT_EDIT:
      fill_edit (&out, &packed, self);
      break;
    case KITH_GROUP_CONTENT_DELETE:
      fill_delete (&out, &packed, self);
      break;
    case KITH_GROUP_CONTENT_REACTION:
      fill_reaction (&out, &packed, self);
      break;
    case KITH_GROUP_CONTENT_TOPIC:
      fill_topic (&out, &packed, self);
      break;
    case KITH_GROUP_CONTENT_FILE:
      offer = pack_offer (self);
      fill_file (&out, &packed, self, offer);
      break;
    case KITH_GROUP_CONTENT_UNKNOWN:
      break;
    }

  return kith_group_pack (&out.base);
}

static gboolean
take_target (KithGroupContent *self, const ProtobufCBinaryData *target)
{
  if (target->len != sizeof self->target)
    return FALSE;

  memcpy (self->target, target->data, sizeof self->target);
  self->has_target = TRUE;
  return TRUE;
}

static gboolean
take_message (KithGroupContent *self, const char *text)
{
  self->text = kith_text_validate_message (text, NULL);
  return self->text != NULL;
}

static gboolean
is_ttl (guint32 ttl_s)
{
  return ttl_s == 0 || (ttl_s >= KITH_LIMIT_TTL_MIN_S && ttl_s <= KITH_LIMIT_TTL_MAX_S);
}

static gboolean
take_file (KithGroupContent *self, const Kith__GroupFile *in)
{
  Kith__FileOffer *offer = kith__file_offer__unpack (NULL, in->offer.len, in->offer.data);
  gboolean ok;

  if (offer == NULL)
    return FALSE;

  self->ttl_s = in->ttl_s;
  self->file = kith_body_take_file (offer);
  ok = self->file != NULL && is_ttl (self->ttl_s)
       && (offer->reply_to.len == 0 || take_target (self, &offer->reply_to));
  kith__file_offer__free_unpacked (offer, NULL);
  return ok;
}

static gboolean
take_content (KithGroupContent *self, const Kith__GroupContent *in)
{
  switch (in->content_case)
    {
    case KITH__GROUP_CONTENT__CONTENT_TEXT:
      self->kind = KITH_GROUP_CONTENT_TEXT;
      self->ttl_s = in->text->ttl_s;
      return is_ttl (self->ttl_s) && take_message (self, in->text->text)
             && (in->text->reply_to.len == 0 || take_target (self, &in->text->reply_to));
    case KITH__GROUP_CONTENT__CONTENT_EDIT:
      self->kind = KITH_GROUP_CONTENT_EDIT;
      return take_message (self, in->edit->text) && take_target (self, &in->edit->target);
    case KITH__GROUP_CONTENT__CONTENT_DELETE:
      self->kind = KITH_GROUP_CONTENT_DELETE;
      return take_target (self, &in->delete_->target);
    case KITH__GROUP_CONTENT__CONTENT_REACTION:
      self->kind = KITH_GROUP_CONTENT_REACTION;
      self->text = g_strdup (in->reaction->emoji);
      return take_target (self, &in->reaction->target)
             && (*self->text == '\0' || kith_text_is_reaction (self->text));
    case KITH__GROUP_CONTENT__CONTENT_TOPIC:
      self->kind = KITH_GROUP_CONTENT_TOPIC;
      self->text = kith_text_sanitize_request (in->topic->text);
      return TRUE;
    case KITH__GROUP_CONTENT__CONTENT_FILE:
      self->kind = KITH_GROUP_CONTENT_FILE;
      return take_file (self, in->file);
    case KITH__GROUP_CONTENT__CONTENT__NOT_SET:
    case _KITH__GROUP_CONTENT__CONTENT__CASE_IS_INT_SIZE:
    default:
      self->kind = KITH_GROUP_CONTENT_UNKNOWN;
      return TRUE;
    }
}

static void
wipe_content (Kith__GroupContent *in)
{
  if (in->content_case == KITH__GROUP_CONTENT__CONTENT_TEXT)
    kith_secret_wipe (in->text->text, strlen (in->text->text));
  else if (in->content_case == KITH__GROUP_CONTENT__CONTENT_EDIT)
    kith_secret_wipe (in->edit->text, strlen (in->edit->text));
}

/**
 * kith_group_content_unpack:
 * @self: (out caller-allocates): the content, to be cleared; empty after a failure
 * @data: (array length=len) (nullable): what stood in an entry of kind message; untrusted
 * @len: its length in bytes
 *
 * Returns: whether that is something to be shown. What is not stays in the log all the same
 */
gboolean
kith_group_content_unpack (KithGroupContent *self, const guint8 *data, gsize len)
{
  Kith__GroupContent *in = kith__group_content__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = take_content (self, in);
  wipe_content (in);
  kith__group_content__free_unpacked (in, NULL);
  if (!ok)
    {
      kith_group_content_clear (self);
      memset (self, 0, sizeof *self);
    }

  return ok;
}

/* --- Entries that are not messages ----------------------------------------------------------- */

static gboolean
names_author (KithGroupEntryKind kind)
{
  return kind == KITH_GROUP_ENTRY_OFFER || kind == KITH_GROUP_ENTRY_DENY;
}

static gboolean
names_prev (KithGroupEntryKind kind)
{
  return kind == KITH_GROUP_ENTRY_OFFER || kind == KITH_GROUP_ENTRY_ACCEPT
         || kind == KITH_GROUP_ENTRY_DECLINE;
}

/**
 * kith_group_control_pack:
 * @kind: of the entry
 * @self: what it says
 *
 * Returns: (transfer full): the content of the entry; empty if it has none
 */
GBytes *
kith_group_control_pack (KithGroupEntryKind kind, const KithGroupControl *self)
{
  Kith__GroupControl out = KITH__GROUP_CONTROL__INIT;

  if (names_author (kind))
    out.author = kith_body_bytes (self->author, sizeof self->author);
  if (names_prev (kind))
    out.prev = kith_body_bytes (self->prev, sizeof self->prev);
  if (kind == KITH_GROUP_ENTRY_ACCEPT)
    out.acceptance = kith_body_bytes (self->acceptance, sizeof self->acceptance);

  return kith_group_pack (&out.base);
}

/**
 * kith_group_control_unpack:
 * @self: (out caller-allocates): what it says
 * @kind: of the entry
 * @data: (array length=len) (nullable): its content; untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the content of such an entry
 */
gboolean
kith_group_control_unpack (KithGroupControl *self, KithGroupEntryKind kind, const guint8 *data,
                           gsize len)
{
  Kith__GroupControl *in = kith__group_control__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = (!names_author (kind)
        || kith_body_take_bytes (&in->author, self->author, sizeof self->author))
       && (!names_prev (kind) || kith_body_take_bytes (&in->prev, self->prev, sizeof self->prev))
       && (kind != KITH_GROUP_ENTRY_ACCEPT
           || kith_body_take_bytes (&in->acceptance, self->acceptance, sizeof self->acceptance));
  kith__group_control__free_unpacked (in, NULL);
  return ok;
}
