/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-contact.h"
#include "model/kith-group.h"

G_BEGIN_DECLS

#define KITH_TYPE_AVATAR (kith_avatar_get_type ())
G_DECLARE_FINAL_TYPE (KithAvatar, kith_avatar, KITH, AVATAR, AdwBin)

/* A contact's initials in a disc, with a dot that says whether they are online; those of a group, or
 * its picture, in a square with round corners. Properties: "size" (pixels, construct-only), "contact" (nullable), "name"
 * (shown when there is no contact). */

void kith_avatar_set_contact (KithAvatar  *self,
                              KithContact *contact);
void kith_avatar_set_name    (KithAvatar  *self,
                              const char  *name);
void kith_avatar_set_group   (KithAvatar  *self,
                              KithGroup   *group);

G_END_DECLS
