/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the libraries below the window keep in the home of its user, of their own accord: which files were
 * chosen, the settings of their dialogs, caches. Of a profile that is carried about, or kept nowhere, nothing
 * of that stays; and no profile tells the desktop which files it had. */

void kith_traceless_hide_files (GApplication *application);
void kith_traceless_begin      (void);
void kith_traceless_end        (void);

G_END_DECLS
