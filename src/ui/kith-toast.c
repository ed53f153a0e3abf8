/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-toast.h"

#include "node/kith-explain.h"
#include "ui/kith-announce.h"
#include "ui/kith-toolkit-names.h"

/**
 * kith_toast_new:
 * @words: what to say; plain text, where a toast takes markup
 *
 * Returns: (transfer full): a toast
 */
AdwToast *
kith_toast_new (const char *words)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  return adw_toast_new (escaped);
}

/**
 * kith_toast_add:
 * @overlay: where it is shown
 * @toast: (transfer full): a toast
 *
 * Shows it, with its button named once.
 */
void
kith_toast_add (AdwToastOverlay *overlay, AdwToast *toast)
{
  adw_toast_overlay_add_toast (overlay, toast);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (overlay)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (child != adw_toast_overlay_get_child (overlay))
      kith_toolkit_names_complete (child);
}

/**
 * kith_toast_show:
 * @overlay: that of a dialog
 * @words: what to say; plain text
 */
void
kith_toast_show (AdwToastOverlay *overlay, const char *words)
{
  kith_toast_add (overlay, kith_toast_new (words));
  kith_announce (GTK_WIDGET (overlay), words);
}

/**
 * kith_toast_show_error:
 * @overlay: that of a dialog
 * @error: what went wrong
 *
 * Shows the words for @error.
 */
void
kith_toast_show_error (AdwToastOverlay *overlay, const GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  kith_toast_show (overlay, words);
}

/**
 * kith_toast_show_in_preferences:
 * @widget: a preferences window, or what stands in it
 * @words: what to say; plain text
 *
 * Says it in that window. When @widget stands in none, nobody is there to be told.
 */
void
kith_toast_show_in_preferences (GtkWidget *widget, const char *words)
{
  GtkRoot *root = widget != NULL ? gtk_widget_get_root (widget) : NULL;

  if (ADW_IS_WINDOW (root) && ADW_IS_TOAST_OVERLAY (adw_window_get_content (ADW_WINDOW (root))))
    kith_toast_show (ADW_TOAST_OVERLAY (adw_window_get_content (ADW_WINDOW (root))), words);
}

/**
 * kith_toast_say:
 * @widget: the main window, or what stands in it
 * @words: what to say; plain text
 *
 * Says it in the main window. When @widget has left its window meanwhile, nobody is there to be told.
 */
void
kith_toast_say (GtkWidget *widget, const char *words)
{
  if (gtk_widget_get_root (widget) != NULL)
    gtk_widget_activate_action (widget, "win.toast", "s", words);
}

/**
 * kith_toast_say_error:
 * @widget: the main window, or what stands in it
 * @error: what went wrong
 *
 * As kith_toast_say(), with the words for @error.
 */
void
kith_toast_say_error (GtkWidget *widget, const GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  kith_toast_say (widget, words);
}
