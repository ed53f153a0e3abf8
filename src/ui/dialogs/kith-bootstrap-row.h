/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_BOOTSTRAP_ROW (kith_bootstrap_row_get_type ())
G_DECLARE_FINAL_TYPE (KithBootstrapRow, kith_bootstrap_row, KITH, BOOTSTRAP_ROW, AdwExpanderRow)

/* The hosts by which the DHT is entered, to be added, removed and reset.
 *
 * Signal: changed (GStrv hosts)  the user wants these */

void kith_bootstrap_row_set_hosts (KithBootstrapRow   *self,
                                   const char * const *hosts);
void kith_bootstrap_row_watch     (KithBootstrapRow   *self,
                                   KithNode           *node);

G_END_DECLS
