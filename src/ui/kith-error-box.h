/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_ERROR_BOX (kith_error_box_get_type ())
G_DECLARE_FINAL_TYPE (KithErrorBox, kith_error_box, KITH, ERROR_BOX, AdwBin)

/* Says in a dialog what went wrong, and may offer to do something about it (::clicked). It is not there
 * while it has nothing to say. */

void kith_error_box_show (KithErrorBox *self,
                          const char   *words,
                          gboolean      offer);
void kith_error_box_hide (KithErrorBox *self);

G_END_DECLS
