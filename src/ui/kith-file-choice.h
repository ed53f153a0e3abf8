/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/kith-picture-header.h"
#include "node/kith-node-files.h"

G_BEGIN_DECLS

#define KITH_TYPE_FILE_CHOICE (kith_file_choice_get_type ())
G_DECLARE_FINAL_TYPE (KithFileChoice, kith_file_choice, KITH, FILE_CHOICE, GObject)

/* Something the user has chosen to send, before it is sent: a path, or a picture from the clipboard. */

KithFileChoice    *kith_file_choice_new_for_path  (const char          *path);
KithFileChoice    *kith_file_choice_new_for_bytes (GBytes              *bytes,
                                                   const char          *name);
const char        *kith_file_choice_get_name      (KithFileChoice      *self);
const char        *kith_file_choice_get_path      (KithFileChoice      *self);
GBytes            *kith_file_choice_get_bytes     (KithFileChoice      *self);

/* Known once it was looked at. */
void               kith_file_choice_look_async    (KithFileChoice      *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean           kith_file_choice_look_finish   (KithFileChoice      *self,
                                                   GAsyncResult        *result,
                                                   GError             **error);
gboolean           kith_file_choice_is_folder     (KithFileChoice      *self);
guint64            kith_file_choice_get_size      (KithFileChoice      *self);
gboolean           kith_file_choice_is_picture    (KithFileChoice      *self);
gboolean           kith_file_choice_can_clean     (KithFileChoice      *self);
gboolean           kith_file_choice_may_tell_place (KithFileChoice     *self);

void               kith_file_choices_make_async   (GPtrArray           *choices,
                                                   gboolean             clean_them,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
GPtrArray         *kith_file_choices_make_finish  (GAsyncResult        *result,
                                                   GError             **error);

G_END_DECLS
