/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "model/kith-group.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP_FACE (kith_group_face_get_type ())
G_DECLARE_FINAL_TYPE (KithGroupFace, kith_group_face, KITH, GROUP_FACE, GObject)

/* The picture of a group, decoded once for all who show it. Property: "texture" (GdkTexture, nullable
 * while there is none, and of what is no picture). */

KithGroupFace *kith_group_face_get         (KithGroup     *group);
GdkTexture    *kith_group_face_get_texture (KithGroupFace *self);

G_END_DECLS
