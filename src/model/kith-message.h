/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-contact.h"
#include "model/kith-model-types.h"

G_BEGIN_DECLS

#define KITH_TYPE_MESSAGE (kith_message_get_type ())
G_DECLARE_FINAL_TYPE (KithMessage, kith_message, KITH, MESSAGE, GObject)

/* One message of a conversation. Properties: "id" (32 hex digits, never changes), "sender" (the
 * contact, or NULL for ourselves), "outgoing", "text", "time" (ms since 1970: when it was written
 * here or arrived here), "state", "reason" (why it failed,
 * in plain words, nullable), "sent-time", "delivered-time", "read-time" (ms, 0 = not yet), "broadcast" (the same text went
 * to several people, each in private), "kind" (#KithMessageKind), "edited-at" (ms, 0 = no), "deleted"
 * (taken back by who wrote it: the text is empty then), "reply-to" (the id of the message it answers,
 * nullable), "quote" (#KithQuoteState) and, when that is FOUND, "reply-sender" (NULL for ourselves)
 * and "reply-text" (its beginning), "reactions" (GPtrArray of #KithReaction, never NULL, ours first),
 * "ttl-s" and "expires-at" (ms, 0 = not running), "n-missing", "transfer" (#KithTransfer: of
 * %KITH_MESSAGE_FILE, NULL of all others and when it is deleted; the text is the name of the file),
 * "mention" (in a group: it names us),
 * "late" (in a group: it came long after it was written). Of a line of the kind EVENT: "event" (what
 * happened, see below), "event-who" (whom it is about, NULL = ourselves), "event-by" (who did it, NULL
 * = ourselves) and "event-text" (nullable).
 *
 * Events, and what belongs to them:
 *  created (by, text: the name)   joined (who, by: who let them in)   left (who)   kicked (who, by)
 *  admin (who: is admin now, by: gave it away, or claimed it themselves)   transfer (who: was asked to
 *  be admin, by)   renamed (by, text: the name)   topic (by, text)   policy (by)
 *  picture (by)   picture-removed (by)
 *  forked (who: their log contradicts itself: a restored or stolen device)   frozen (by: the admin
 *  contradicted himself)   split (the group has split)   rekeyed (who: has a new key for this group)
 *  blocked (a message of somebody whom we blocked is not shown)   refused (our request was)
 * One of a kind that is not in this list is to be shown as its text. */

/* What one person says to a message. */
typedef struct
{
  char        *emoji; /* (owned) */
  KithContact *who;   /* (owned) (nullable): NULL for ourselves */
} KithReaction;

KithMessage      *kith_message_new                (const guint8      id[KITH_MESSAGE_ID_BYTES],
                                                   KithContact      *sender,
                                                   guint64           hlc,
                                                   gint64            time_ms,
                                                   const char       *text);
const char       *kith_message_get_id             (KithMessage      *self);
const guint8     *kith_message_get_id_bytes       (KithMessage      *self);
KithContact      *kith_message_get_sender         (KithMessage      *self);
gboolean          kith_message_is_outgoing        (KithMessage      *self);
const char       *kith_message_get_text           (KithMessage      *self);
gint64            kith_message_get_time_ms        (KithMessage      *self);
guint64           kith_message_get_hlc            (KithMessage      *self);
KithMessageState  kith_message_get_state          (KithMessage      *self);
gint64            kith_message_get_state_time_ms  (KithMessage      *self,
                                                   KithMessageState  state);
void              kith_message_set_state          (KithMessage      *self,
                                                   KithMessageState  state,
                                                   gint64            time_ms);
const char       *kith_message_get_reason         (KithMessage      *self);
const char       *kith_message_get_reason_code    (KithMessage      *self);
void              kith_message_set_failed         (KithMessage      *self,
                                                   const char       *code,
                                                   const char       *reason,
                                                   gint64            time_ms);
gboolean          kith_message_get_broadcast      (KithMessage      *self);
void              kith_message_set_broadcast      (KithMessage      *self,
                                                   gboolean          broadcast);
const char       *kith_message_state_to_string    (KithMessageState  state);

KithMessageKind   kith_message_get_kind           (KithMessage      *self);
const char       *kith_message_kind_to_string     (KithMessageKind   kind);
gint64            kith_message_get_edited_ms      (KithMessage      *self);
gboolean          kith_message_is_deleted         (KithMessage      *self);
const char       *kith_message_get_reply_to       (KithMessage      *self);
KithQuoteState    kith_message_get_quote          (KithMessage      *self);
KithContact      *kith_message_get_reply_sender   (KithMessage      *self);
const char       *kith_message_get_reply_text     (KithMessage      *self);
GPtrArray        *kith_message_get_reactions      (KithMessage      *self);
const char       *kith_message_get_own_reaction   (KithMessage      *self);
guint32           kith_message_get_ttl_s          (KithMessage      *self);
gint64            kith_message_get_expires_ms     (KithMessage      *self);
gboolean          kith_message_is_line            (KithMessage      *self);
guint             kith_message_get_n_missing      (KithMessage      *self);
KithTransfer     *kith_message_get_transfer       (KithMessage      *self);
gsize             kith_message_get_size_bytes     (KithMessage      *self);
gboolean          kith_message_get_mention        (KithMessage      *self);
gboolean          kith_message_get_late           (KithMessage      *self);
const char       *kith_message_get_event          (KithMessage      *self);
KithContact      *kith_message_get_event_who      (KithMessage      *self);
KithContact      *kith_message_get_event_by       (KithMessage      *self);
const char       *kith_message_get_event_text     (KithMessage      *self);

/* For the node. */
void              kith_message_set_kind           (KithMessage      *self,
                                                   KithMessageKind   kind);
void              kith_message_set_text           (KithMessage      *self,
                                                   const char       *text,
                                                   gint64            edited_ms);
void              kith_message_set_deleted        (KithMessage      *self);
void              kith_message_set_reply_to       (KithMessage      *self,
                                                   const guint8      id[KITH_MESSAGE_ID_BYTES]);
void              kith_message_set_quote          (KithMessage      *self,
                                                   KithQuoteState    quote,
                                                   KithContact      *sender,
                                                   const char       *text);
void              kith_message_set_reaction       (KithMessage      *self,
                                                   KithContact      *who,
                                                   const char       *emoji);
void              kith_message_set_ttl            (KithMessage      *self,
                                                   guint32           ttl_s,
                                                   gint64            expires_ms);
void              kith_message_set_n_missing      (KithMessage      *self,
                                                   guint             n_missing);
void              kith_message_set_queued_again   (KithMessage      *self,
                                                   gint64            time_ms);
void              kith_message_set_transfer       (KithMessage      *self,
                                                   KithTransfer     *transfer);
void              kith_message_set_mention        (KithMessage      *self,
                                                   gboolean          mention);
void              kith_message_set_late           (KithMessage      *self,
                                                   gboolean          late);
/* Before it is shown; makes it one of the kind EVENT. */
void              kith_message_set_event          (KithMessage      *self,
                                                   const char       *event,
                                                   KithContact      *who,
                                                   KithContact      *by,
                                                   const char       *text);

G_END_DECLS
