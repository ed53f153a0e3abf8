/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A colour for each person, by which they are told apart in a group: the same wherever they are shown,
 * whatever they are called. The colours stand in style.css and style-dark.css. */

#define KITH_PERSON_COLOURS 8

/* @identity: (nullable): an identity key, or the id of a group; NULL = no colour */
void kith_person_colour_set (GtkWidget    *widget,
                             const guint8 *identity);

G_END_DECLS
