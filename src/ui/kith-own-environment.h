/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is set in the environment of this process for the libraries below it. Another program that is started from
 * here, be it the one that opens a file or a link, or Kith with another profile, has it as this one found it. Main
 * thread only. */

void kith_own_environment_set           (const char          *name,
                                         const char          *value);
void kith_own_environment_keep_from     (GSubprocessLauncher *launcher);
void kith_own_environment_keep_from_app (GAppLaunchContext   *context);

G_END_DECLS
