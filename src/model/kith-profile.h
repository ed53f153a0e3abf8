/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KITH_TYPE_PROFILE (kith_profile_get_type ())
G_DECLARE_FINAL_TYPE (KithProfile, kith_profile, KITH, PROFILE, GObject)

/* The person who uses this instance. Properties: "id" (the 56-character ID string, read-only),
 * "name" (what others are shown) and "hidden" (others are to see us as absent), which are read-only for
 * faces: they call kith_node_set_name_async() and kith_node_set_hidden(). */

KithProfile *kith_profile_new      (const char *id,
                                    const char *name);
const char  *kith_profile_get_id   (KithProfile *self);
const char  *kith_profile_get_name (KithProfile *self);
void         kith_profile_set_name (KithProfile *self,
                                    const char  *name);
gboolean     kith_profile_get_hidden (KithProfile *self);
void         kith_profile_set_hidden (KithProfile *self,
                                      gboolean     hidden);

G_END_DECLS
