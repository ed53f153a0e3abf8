/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-chooser.h"

/**
 * kith_chooser_close:
 * @chooser: (inout) (nullable) (transfer full): a chooser that nobody waits for any more
 *
 * Takes it off the screen, which is not done by letting go of it: what shows it may hold on to it, and it may
 * have names in it. Main thread.
 */
void
kith_chooser_close (GtkFileChooserNative **chooser)
{
  if (*chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (*chooser));
  g_clear_object (chooser);
}
