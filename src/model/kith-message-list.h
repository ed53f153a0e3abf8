/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_MESSAGE_LIST (kith_message_list_get_type ())
G_DECLARE_FINAL_TYPE (KithMessageList, kith_message_list, KITH, MESSAGE_LIST, GObject)

/* The loaded window of a conversation: a GListModel of #KithMessage, oldest first, in the order
 * (hlc, id) of protocol 8. `items-changed` fires after the change, once a batch. Properties:
 * "has-older" and "has-newer", whether more is stored before and after the window. */

KithMessageList *kith_message_list_new     (void);
gboolean         kith_message_list_insert  (KithMessageList *self,
                                            KithMessage     *message);
void             kith_message_list_prepend (KithMessageList *self,
                                            GPtrArray       *older);
void             kith_message_list_append  (KithMessageList *self,
                                            GPtrArray       *newer);
void             kith_message_list_replace (KithMessageList *self,
                                            GPtrArray       *page);
void             kith_message_list_keep_last  (KithMessageList *self,
                                               guint            n);
void             kith_message_list_keep_first (KithMessageList *self,
                                               guint            n);
gsize            kith_message_list_get_size_bytes (KithMessageList *self);
gsize            kith_message_list_count_bytes    (KithMessageList *self);
guint            kith_message_list_count_within   (KithMessageList *self,
                                                   gboolean         newest,
                                                   gsize            size_bytes);
gboolean         kith_message_list_covers  (KithMessageList *self,
                                            KithMessage     *message);
gboolean         kith_message_list_get_has_older (KithMessageList *self);
void             kith_message_list_set_has_older (KithMessageList *self,
                                                  gboolean         has_older);
gboolean         kith_message_list_get_has_newer (KithMessageList *self);
void             kith_message_list_set_has_newer (KithMessageList *self,
                                                  gboolean         has_newer);
KithMessage     *kith_message_list_lookup  (KithMessageList *self,
                                            const guint8     id[KITH_MESSAGE_ID_BYTES]);
KithMessage     *kith_message_list_get     (KithMessageList *self,
                                            guint            position);
guint            kith_message_list_get_length (KithMessageList *self);
gboolean         kith_message_list_remove  (KithMessageList *self,
                                            KithMessage     *message);

G_END_DECLS
