/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-doctor.h"

G_BEGIN_DECLS

#define KITH_TYPE_DOCTOR_DIALOG (kith_doctor_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithDoctorDialog, kith_doctor_dialog, KITH, DOCTOR_DIALOG, AdwWindow)

/* "Connection": can I be reached, and why can this contact not be? */

GtkWidget *kith_doctor_dialog_new (GtkWindow   *parent,
                                   KithNode    *node,
                                   KithContact *contact);

G_END_DECLS
