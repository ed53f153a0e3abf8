/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What Kith keeps on a computer, outside of any profile, for the window that comes up before one is open
 * (data/chat.kith.Kith.gschema.xml). Where the schema is not installed, as with a program that is carried on a stick,
 * and where nothing may be kept (kith-traceless.h), everything is as on the first day. Main thread only. */

char *kith_computer_settings_dup_colours   (void);
int   kith_computer_settings_get_text_size (void);
void  kith_computer_settings_keep_look     (const char *colours,
                                            int         text_size_percent);
void  kith_computer_settings_get_window    (int        *width,
                                            int        *height,
                                            gboolean   *is_maximized);
void  kith_computer_settings_keep_window   (int         width,
                                            int         height,
                                            gboolean    is_maximized);

G_END_DECLS
