/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _KithApplication KithApplication;

#define KITH_TYPE_DEMO (kith_demo_get_type ())
G_DECLARE_FINAL_TYPE (KithDemo, kith_demo, KITH, DEMO, GObject)

/* Ann and Ben, two people with a window and a node each, in one process. Ben connects to Ann's
 * address on this computer, she accepts, and they greet each other: all of it through the network,
 * as between two computers. */

KithDemo *kith_demo_new   (KithApplication *application);
void      kith_demo_start (KithDemo        *self);

G_END_DECLS
