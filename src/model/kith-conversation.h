/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-contact.h"
#include "model/kith-group.h"
#include "model/kith-message-list.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONVERSATION (kith_conversation_get_type ())
G_DECLARE_FINAL_TYPE (KithConversation, kith_conversation, KITH, CONVERSATION, GObject)

/* A conversation with one contact, or that of a group. Properties: "contact" (NULL when it is a
 * group's), "group" (NULL when it is with one contact), "title" (the contact's display name or the
 * group's name, kept in step), "unread" (messages received and not yet seen), "last-message" (nullable),
 * "last-activity" (ms since 1970, the sort key of the sidebar), "draft" (what stands in the
 * composer, nullable; writable by faces), "recorded-ms" (how long the voice message is that was recorded and
 * not sent, 0 = none; set by faces), "first-unread" (the message above which the unread
 * line stands, nullable; kept until the face calls kith_conversation_clear_unread_line()), "ttl-s"
 * (for how long new messages are kept after reading, 0 = for good), "muted-until" (ms since 1970,
 * G_MAXINT64 = until unmuted, 0 = not), "pinned", "archived", "marked-unread". These five are
 * changed by the node: node/kith-node-messages.h. */

/* A message that was not seen, however long ago it came: the message itself may have left the list. */
typedef struct
{
  guint8  id[KITH_MESSAGE_ID_BYTES];
  guint32 ttl_s;
} KithUnread;

/* The last of them, for kith_conversation_set_options(). */
typedef struct
{
  guint32  ttl_s;
  gint64   muted_until_ms;
  gboolean pinned;
  gboolean archived;
  gboolean marked_unread;
} KithConversationOptions;

KithConversation *kith_conversation_new                  (KithContact      *contact);
KithConversation *kith_conversation_new_for_group        (KithGroup        *group);
KithContact      *kith_conversation_get_contact          (KithConversation *self);
KithGroup        *kith_conversation_get_group            (KithConversation *self);
/* What it is stored and found under: the contact's identity key, or the group's id; 32 bytes. */
const guint8     *kith_conversation_get_key              (KithConversation *self);
/* The same for people and programs: the contact's ID string, or the group's 64 hex digits. */
const char       *kith_conversation_get_key_text         (KithConversation *self);
const char       *kith_conversation_get_title            (KithConversation *self);
KithMessageList  *kith_conversation_get_messages         (KithConversation *self);
/* Of those that are loaded. @id: 32 hex digits. (transfer none) (nullable) */
KithMessage      *kith_conversation_find_message         (KithConversation *self,
                                                          const char       *id);
guint             kith_conversation_get_unread           (KithConversation *self);
KithMessage      *kith_conversation_get_last_message     (KithConversation *self);
gint64            kith_conversation_get_last_activity_ms (KithConversation *self);
const char       *kith_conversation_get_draft            (KithConversation *self);
void              kith_conversation_set_draft            (KithConversation *self,
                                                          const char       *draft);
guint             kith_conversation_get_recorded_ms      (KithConversation *self);
void              kith_conversation_set_recorded_ms      (KithConversation *self,
                                                          guint             recorded_ms);
KithMessage      *kith_conversation_get_first_unread     (KithConversation *self);
void              kith_conversation_clear_unread_line    (KithConversation *self);
guint32           kith_conversation_get_ttl_s            (KithConversation *self);
gint64            kith_conversation_get_muted_until_ms   (KithConversation *self);
gboolean          kith_conversation_is_muted             (KithConversation *self,
                                                          gint64            now_ms);
gboolean          kith_conversation_get_pinned           (KithConversation *self);
gboolean          kith_conversation_get_archived         (KithConversation *self);
gboolean          kith_conversation_get_marked_unread    (KithConversation *self);

/* Where a page of messages goes. */
typedef enum
{
  KITH_PAGE_OLDER,
  KITH_PAGE_NEWER,
  KITH_PAGE_REPLACE,
} KithPageSide;

/* For the node. add() inserts in order, counts an incoming message as unread when @unread, and
 * returns FALSE when the id is already there. */
gboolean          kith_conversation_add                  (KithConversation *self,
                                                          KithMessage      *message,
                                                          gboolean          unread);
void              kith_conversation_note_edit            (KithConversation *self);
void              kith_conversation_restore              (KithConversation *self,
                                                          KithMessage      *last,
                                                          guint             n_unread);
void              kith_conversation_take_page            (KithConversation *self,
                                                          KithPageSide      side,
                                                          GPtrArray        *page,
                                                          gboolean          has_more,
                                                          KithMessage      *first_unread);
void              kith_conversation_clear                (KithConversation *self);
void              kith_conversation_set_last_activity_ms (KithConversation *self,
                                                          gint64            time_ms);
GArray           *kith_conversation_take_unread          (KithConversation *self,
                                                          gboolean         *is_all);
void              kith_conversation_set_options          (KithConversation *self,
                                                          const KithConversationOptions *options);
void              kith_conversation_forget_unread        (KithConversation *self,
                                                          const guint8      id[KITH_MESSAGE_ID_BYTES],
                                                          gboolean          was_unread);
void              kith_conversation_replace_last         (KithConversation *self,
                                                          KithMessage      *message);

G_END_DECLS
