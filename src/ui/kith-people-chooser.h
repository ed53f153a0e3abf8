/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_PEOPLE_CHOOSER (kith_people_chooser_get_type ())
G_DECLARE_FINAL_TYPE (KithPeopleChooser, kith_people_chooser, KITH, PEOPLE_CHOOSER, AdwBin)

/* A list of contacts to tick, with a search and how many are chosen. Those who are no contact of ours any
 * more, or are blocked, are not in it.
 *
 * Signals: "changed": others are chosen. "stopped": Escape in an empty search. */

/* Returns: whether @contact is offered; whom it does not let through is not in the list */
typedef gboolean (*KithPeopleFilter) (KithContact *contact,
                                      gpointer     user_data);

void       kith_people_chooser_set_node     (KithPeopleChooser *self,
                                             KithNode          *node,
                                             KithPeopleFilter   filter,
                                             gpointer           user_data);
/* (transfer full) (element-type KithContact): in the order of the list */
GPtrArray *kith_people_chooser_dup_chosen   (KithPeopleChooser *self);
guint      kith_people_chooser_get_n_people (KithPeopleChooser *self);
void       kith_people_chooser_choose_online (KithPeopleChooser *self);
/* Lets go of the node: whoever shows it calls this when it goes. */
void       kith_people_chooser_clear        (KithPeopleChooser *self);

G_END_DECLS
