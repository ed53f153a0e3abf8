/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-message.h"
#include "model/kith-transfer.h"

G_BEGIN_DECLS

/* How files read and look. */

char    *kith_file_dup_size       (guint64       bytes);
char    *kith_file_dup_state      (KithTransfer *transfer);
char    *kith_file_dup_summary    (KithTransfer *transfer);
void     kith_file_split_name     (const char   *name,
                                   char        **stem,
                                   char        **extension);
GIcon   *kith_file_new_icon       (const char   *name,
                                   gboolean      is_folder);
gboolean kith_file_is_picture     (KithTransfer *transfer);
gboolean kith_file_is_voice       (KithTransfer *transfer);
gboolean kith_file_is_here        (KithTransfer *transfer);
gboolean kith_file_may_be_program (const char   *name);

G_END_DECLS
