/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-group.h"

G_BEGIN_DECLS

#define KITH_TYPE_MEMBER_CHOOSER (kith_member_chooser_get_type ())
G_DECLARE_FINAL_TYPE (KithMemberChooser, kith_member_chooser, KITH, MEMBER_CHOOSER, AdwBin)

/* The members of a group but the admin, to choose one of them, with a search when they are many.
 *
 * Signal: "chosen" (KithMember). */

/* Returns: (transfer floating) */
GtkWidget *kith_member_chooser_new (KithGroup *group);

G_END_DECLS
