/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 8: what a MSG is about, and RESEND. Only the form is checked here; whether a message may
 * be edited or deleted by its sender is decided where the messages are. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-body-private.h"

#include <string.h>

#include "base/kith-text.h"
#include "proto/kith-group-invitation.h"

static ProtobufCBinaryData
target_of (const KithBodyMsg *self)
{
  return kith_body_bytes (self->target.bytes, self->has_target ? sizeof self->target.bytes : 0);
}

/**
 * kith_body_fill_content: (skip)
 * @msg: the message to fill
 * @out: (out caller-allocates): what it points to; has to live until it is packed
 * @self: our own, valid
 */
void
kith_body_fill_content (Kith__Msg *msg, KithPackedContent *out, const KithBodyMsg *self)
{
  char *text = self->text != NULL ? self->text : (char *) "";

  switch (self->content)
    {
    case KITH_CONTENT_UNKNOWN:
      break;
    case KITH_CONTENT_TEXT:
      kith__text__init (&out->text);
      out->text.text = text;
      out->text.reply_to = target_of (self);
      msg->content_case = KITH__MSG__CONTENT_TEXT;
      msg->text = &out->text;
      break;
    case KITH_CONTENT_EDIT:
      kith__edit__init (&out->edit);
      out->edit.target = target_of (self);
      out->edit.text = text;
      msg->content_case = KITH__MSG__CONTENT_EDIT;
      msg->edit = &out->edit;
      break;
    case KITH_CONTENT_DELETE:
      kith__delete__init (&out->deletion);
      out->deletion.target = target_of (self);
      msg->content_case = KITH__MSG__CONTENT_DELETE;
      msg->delete_ = &out->deletion;
      break;
    case KITH_CONTENT_REACTION:
      kith__reaction__init (&out->reaction);
      out->reaction.target = target_of (self);
      out->reaction.emoji = text;
      msg->content_case = KITH__MSG__CONTENT_REACTION;
      msg->reaction = &out->reaction;
      break;
    case KITH_CONTENT_FILE:
      kith_body_fill_file (&out->file, self->file);
      out->file.reply_to = target_of (self);
      msg->content_case = KITH__MSG__CONTENT_FILE;
      msg->file = &out->file;
      break;
    case KITH_CONTENT_TIMER:
      kith__timer__init (&out->timer);
      out->timer.ttl_s = self->ttl_s;
      msg->content_case = KITH__MSG__CONTENT_TIMER;
      msg->timer = &out->timer;
      break;
    case KITH_CONTENT_GROUP_INVITE:
      msg->content_case = KITH__MSG__CONTENT_GROUP_INVITE;
      msg->group_invite =
        kith_body_bytes (out->bytes, kith_group_invitation_decode_text (text, out->bytes));
      break;
    }
}

static gboolean
take_target (KithBodyMsg *self, const ProtobufCBinaryData *target)
{
  if (target->len != sizeof self->target.bytes)
    return FALSE;

  memcpy (self->target.bytes, target->data, sizeof self->target.bytes);
  self->has_target = TRUE;
  return TRUE;
}

/* Nobody keeps a message for a shorter or a longer time than a person can choose. */
static guint32
clamp_ttl (guint32 ttl_s)
{
  return ttl_s > 0 ? CLAMP (ttl_s, KITH_LIMIT_TTL_MIN_S, KITH_LIMIT_TTL_MAX_S) : 0;
}

static gboolean
take_text (KithBodyMsg *self, const Kith__Msg *msg)
{
  self->ttl_s = clamp_ttl (msg->ttl_s);
  self->text = kith_text_validate_message (msg->text->text, NULL);
  return self->text != NULL
         && (msg->text->reply_to.len == 0 || take_target (self, &msg->text->reply_to));
}

static gboolean
take_file (KithBodyMsg *self, const Kith__Msg *msg)
{
  self->ttl_s = clamp_ttl (msg->ttl_s);
  self->file = kith_body_take_file (msg->file);
  return self->file != NULL
         && (msg->file->reply_to.len == 0 || take_target (self, &msg->file->reply_to));
}

/* A cluster that Unicode did not have when this was built is no breach of the protocol: it is left
 * without a text, and nothing is shown. */
static gboolean
take_reaction (KithBodyMsg *self, const Kith__Reaction *reaction)
{
  if (!g_utf8_validate (reaction->emoji, -1, NULL)
      || strlen (reaction->emoji) > KITH_LIMIT_REACTION_BYTES)
    return FALSE;

  if (*reaction->emoji == '\0' || kith_text_is_reaction (reaction->emoji))
    self->text = g_strdup (reaction->emoji);
  return take_target (self, &reaction->target);
}

/**
 * kith_body_take_content: (skip)
 * @self: the message to fill
 * @msg: untrusted
 *
 * Returns: whether the form is right; a kind that is not known is %KITH_CONTENT_UNKNOWN
 */
gboolean
kith_body_take_content (KithBodyMsg *self, const Kith__Msg *msg)
{
  switch ((int) msg->content_case)
    {
    case KITH__MSG__CONTENT_TEXT:
      self->content = KITH_CONTENT_TEXT;
      return take_text (self, msg);
    case KITH__MSG__CONTENT_EDIT:
      self->content = KITH_CONTENT_EDIT;
      self->text = kith_text_validate_message (msg->edit->text, NULL);
      return self->text != NULL && take_target (self, &msg->edit->target);
    case KITH__MSG__CONTENT_DELETE:
      self->content = KITH_CONTENT_DELETE;
      return take_target (self, &msg->delete_->target);
    case KITH__MSG__CONTENT_REACTION:
      self->content = KITH_CONTENT_REACTION;
      return take_reaction (self, msg->reaction);
    case KITH__MSG__CONTENT_FILE:
      self->content = KITH_CONTENT_FILE;
      return take_file (self, msg);
    case KITH__MSG__CONTENT_TIMER:
      self->content = KITH_CONTENT_TIMER;
      self->ttl_s = clamp_ttl (msg->timer->ttl_s);
      return TRUE;
    case KITH__MSG__CONTENT_GROUP_INVITE:
      self->content = KITH_CONTENT_GROUP_INVITE;
      self->text = kith_group_invitation_encode_bytes (msg->group_invite.data, msg->group_invite.len);
      return self->text != NULL;
    default:
      self->content = KITH_CONTENT_UNKNOWN;
      return TRUE;
    }
}

/**
 * kith_body_resend_pack:
 * @self: numbers from 1, the second not below the first
 *
 * Returns: (transfer full): the body of RESEND
 */
GByteArray *
kith_body_resend_pack (const KithBodyResend *self)
{
  Kith__Resend resend = KITH__RESEND__INIT;

  resend.from = self->from;
  resend.to = self->to;
  resend.gone = self->gone;
  return kith_body_pack (&resend.base);
}

/**
 * kith_body_resend_unpack:
 * @self: (out caller-allocates): the numbers
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a RESEND, about %KITH_LIMIT_RESEND_MESSAGES at most, and of numbers that the
 * store can keep as signed ones
 */
gboolean
kith_body_resend_unpack (KithBodyResend *self, const guint8 *data, gsize len)
{
  Kith__Resend *resend = kith__resend__unpack (NULL, len, data);

  *self = (KithBodyResend){ 0 };
  if (resend == NULL)
    return FALSE;

  *self = (KithBodyResend){ resend->from, resend->to, resend->gone != 0 };
  kith__resend__free_unpacked (resend, NULL);
  return self->from > 0 && self->to >= self->from
         && self->to - self->from < KITH_LIMIT_RESEND_MESSAGES && self->to <= G_MAXINT64;
}
