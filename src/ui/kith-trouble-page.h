/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_TROUBLE_PAGE (kith_trouble_page_get_type ())
G_DECLARE_FINAL_TYPE (KithTroublePage, kith_trouble_page, KITH, TROUBLE_PAGE, AdwBin)

/* Why a profile cannot be opened or erased, and what to do. Signals: "retry" (), "start-anew" (). The rest are
 * actions of the window: other profiles, and saving what can be read of one that is damaged, or erasing it. */

void kith_trouble_page_set_error (KithTroublePage *self,
                                  const GError    *error,
                                  const char      *path,
                                  gboolean         can_retry,
                                  gboolean         has_key);
/* As that, for a profile that could not be erased, or of which something is left. @left_in: (nullable): the folder
 * in which something is left of what others sent. */
void kith_trouble_page_set_erase_error (KithTroublePage *self,
                                        const GError    *error,
                                        const char      *path,
                                        gboolean         is_key_gone,
                                        const char      *left_in);
void kith_trouble_page_focus           (KithTroublePage *self);

G_END_DECLS
