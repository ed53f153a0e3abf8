/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-member.h"

G_BEGIN_DECLS

#define KITH_TYPE_PERSON_ROW (kith_person_row_get_type ())
G_DECLARE_FINAL_TYPE (KithPersonRow, kith_person_row, KITH, PERSON_ROW, GtkBox)

/* Somebody in a list: picture, name, a second line, and what the list puts at the end. It is what stands in a row of a
 * list box or a list view, and names that row for a screen reader. Follows the name and the presence of a contact. */

/* Returns: (transfer floating) */
GtkWidget *kith_person_row_new          (void);
void       kith_person_row_set_person   (KithPersonRow *self,
                                         KithContact   *contact,
                                         const char    *name,
                                         const char    *line);
void       kith_person_row_set_member   (KithPersonRow *self,
                                         KithMember    *member,
                                         const char    *line);
const char *kith_person_row_get_name    (KithPersonRow *self);
void       kith_person_row_set_verified (KithPersonRow *self,
                                         gboolean       verified);
void       kith_person_row_add_suffix   (KithPersonRow *self,
                                         GtkWidget     *suffix);
GtkWidget *kith_person_row_wrap         (KithPersonRow *self);

G_END_DECLS
