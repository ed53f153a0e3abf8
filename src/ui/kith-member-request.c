/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-member-request.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "node/kith-node-invites.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-group-acts.h"
#include "ui/kith-question.h"
#include "ui/kith-request-input.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

typedef struct
{
  GtkWindow *parent;   /* (owned) where the question stands before */
  GtkWindow *window;   /* (owned) the main one */
  KithNode *node;      /* (owned) */
  KithMember *member;  /* (owned) */
  GtkEditable *text;   /* (unowned) in the dialog */
} Request;

static void
request_free (gpointer data, GClosure *closure)
{
  Request *request = data;

  g_object_unref (request->parent);
  g_object_unref (request->window);
  g_object_unref (request->node);
  g_object_unref (request->member);
  g_free (request);
}

/* --- What came of it ------------------------------------------------------------------------ */

/* (transfer full) */
static char *
dup_words (KithJoinOutcome outcome, const char *name)
{
  switch (outcome)
    {
    case KITH_JOIN_ONLINE:
      /* Translators: the name of a person */
      return kith_sentence_make (_("Connected to %s"), name);
    case KITH_JOIN_REQUESTED:
      /* Translators: the name of a person */
      return kith_sentence_make (_("Your request has reached %s"), name);
    case KITH_JOIN_WAITING:
      break;
    }

  /* Translators: somebody's name */
  return kith_sentence_make (_("%s gets your request when they are online"), name);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWindow) window = user_data;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  KithJoinOutcome outcome;

  if (kith_node_join_finish (KITH_NODE (source), result, &outcome, &contact, &error))
    {
      words = dup_words (outcome, kith_contact_get_display_name (contact));
      gtk_widget_activate_action (GTK_WIDGET (window), "win.open", "s", kith_contact_get_id (contact));
    }
  else
    words = kith_explain_error (error);
  kith_toast_say (GTK_WIDGET (window), words);
}

/* --- The question --------------------------------------------------------------------------- */

static void
response_cb (AdwMessageDialog *dialog, const char *response, Request *request)
{
  const char *text = gtk_editable_get_text (request->text);

  if (!g_str_equal (response, "send"))
    return;

  kith_node_join_async (request->node, kith_member_get_id (request->member),
                        *text != '\0' ? text : NULL, NULL, joined_cb, g_object_ref (request->window));
  if (request->parent != request->window)
    gtk_window_close (request->parent);
}

static void
text_changed_cb (GtkEditable *text, AdwMessageDialog *dialog)
{
  const char *complaint = kith_request_input_check (gtk_editable_get_text (text));

  kith_entry_state_show (GTK_WIDGET (text), complaint, g_object_get_data (G_OBJECT (text), "complaint"));
  adw_message_dialog_set_response_enabled (dialog, "send", complaint == NULL);
}

static GtkEditable *
add_entry (AdwMessageDialog *dialog)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *label = kith_entry_state_new_label ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Introduce Yourself (Optional)"));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  g_signal_connect_object (row, "changed", G_CALLBACK (text_changed_cb), dialog, 0);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), label);
  g_object_set_data (G_OBJECT (row), "complaint", label);
  adw_message_dialog_set_extra_child (dialog, box);

  return GTK_EDITABLE (row);
}

/**
 * kith_member_request_is_possible:
 * @member: a member of a group
 *
 * Returns: whether they could become a contact: they are somebody else, and neither one nor asked
 */
gboolean
kith_member_request_is_possible (KithMember *member)
{
  KithContact *contact = kith_member_get_contact (member);

  return !kith_member_is_self (member) && contact != NULL
         && kith_contact_get_relation (contact) == KITH_RELATION_MEMBER
         && !kith_contact_get_blocked (contact);
}

/**
 * kith_member_request_ask:
 * @parent: the window that the question stands before
 * @node: who asks
 * @member: whom
 *
 * Lets the user write a few words, and sends a contact request with them.
 */
void
kith_member_request_ask (GtkWindow *parent, KithNode *node, KithMember *member)
{
  g_autofree char *heading
      /* Translators: the name of a person */
      = kith_sentence_make (_("Ask %s to Be Your Contact?"), kith_member_get_name (member));
  AdwMessageDialog *dialog = kith_question_new (
      GTK_WIDGET (parent), heading,
      _("Contacts write to each other alone. They see your name, and what you write here, and are asked "
        "whether they want that."),
      "send", _("_Send Request"), ADW_RESPONSE_SUGGESTED);
  Request *request = g_new0 (Request, 1);

  request->parent = g_object_ref (parent);
  request->window = g_object_ref (kith_group_acts_find_main (parent));
  request->node = g_object_ref (node);
  request->member = g_object_ref (member);
  request->text = add_entry (dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), request, request_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
