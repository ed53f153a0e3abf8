/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_WELCOME_PAGE (kith_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (KithWelcomePage, kith_welcome_page, KITH, WELCOME_PAGE, AdwBin)

/* The first thing a new user sees: says what Kith is, then asks for a name. The passphrase comes after
 * it, on a page of its own.
 *
 * Signals:
 *  start (name)  the user chose this name */

void kith_welcome_page_focus   (KithWelcomePage *self);
void kith_welcome_page_set_busy(KithWelcomePage *self,
                                gboolean         busy);
void kith_welcome_page_set_kind(KithWelcomePage *self,
                                gboolean         first_start,
                                gboolean         in_memory);
void kith_welcome_page_ask_name(KithWelcomePage *self,
                                const char      *name);

G_END_DECLS
