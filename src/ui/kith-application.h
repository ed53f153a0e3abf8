/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/kith-window.h"

G_BEGIN_DECLS

#define KITH_TYPE_APPLICATION (kith_application_get_type ())
G_DECLARE_FINAL_TYPE (KithApplication, kith_application, KITH, APPLICATION, AdwApplication)

/* The process: options, actions of the whole application, and the windows. */

KithApplication *kith_application_new        (void);
KithWindow      *kith_application_add_window (KithApplication *self);

G_END_DECLS
