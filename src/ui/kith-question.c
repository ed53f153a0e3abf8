/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-question.h"

#include <glib/gi18n.h>

/**
 * kith_question_new:
 * @asker: the window that the question stands before, or a widget in it
 * @heading: what is asked
 * @body: what comes of it
 * @response: the id of the answer that does it
 * @label: its words, with a mnemonic
 * @appearance: how they look
 *
 * Makes a question that is answered with "cancel" or @response. Return chooses @response only where that is
 * what is suggested; to close the question is to cancel. The caller listens to "response" and presents it.
 *
 * Returns: (transfer none): the dialog, which is GTK's until it is closed
 */
AdwMessageDialog *
kith_question_new (GtkWidget *asker, const char *heading, const char *body, const char *response,
                   const char *label, AdwResponseAppearance appearance)
{
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (asker)), heading, body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance (dialog, response, appearance);
  adw_message_dialog_set_default_response (
      dialog, appearance == ADW_RESPONSE_SUGGESTED ? response : "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");

  return dialog;
}
