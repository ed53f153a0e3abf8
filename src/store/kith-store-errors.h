/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the system and GLib say of files, in our codes. */
void kith_store_set_errno_error (GError       **error,
                                 int            code);
void kith_store_set_file_error  (GError       **error,
                                 const GError  *theirs);

G_END_DECLS
