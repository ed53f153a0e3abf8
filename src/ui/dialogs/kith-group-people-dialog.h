/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP_PEOPLE_DIALOG (kith_group_people_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithGroupPeopleDialog, kith_group_people_dialog, KITH, GROUP_PEOPLE_DIALOG, AdwWindow)

/* Chooses people for a new group, with its name, or more people for one that there is.
 *
 * Signals: "done" (KithGroup, words): all is committed, and these are to be said; the dialog goes. */

/* @group: (nullable): NULL makes a new one
 * @name: (nullable): what to begin with, for a new one */
GtkWidget *kith_group_people_dialog_new (GtkWindow  *parent,
                                         KithNode   *node,
                                         KithGroup  *group,
                                         const char *name);

G_END_DECLS
