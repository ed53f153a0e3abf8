/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-join-request-row.h"

#include <glib/gi18n.h>

#include "ui/kith-avatar.h"
#include "ui/kith-format.h"
#include "ui/kith-group-acts.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-person-colour.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

/* What the buttons act on. */
typedef struct
{
  KithJoinRequest *request; /* (owned) */
  KithNode *node;           /* (owned) */
  KithGroup *group;         /* (owned) */
  GtkWidget *buttons;       /* (unowned) */
} Decision;

static void
decision_free (gpointer data)
{
  Decision *decision = data;

  g_clear_object (&decision->request);
  g_clear_object (&decision->node);
  g_clear_object (&decision->group);
  g_free (decision);
}

/* (transfer full): who they are to us, how they came here, what they say */
static char *
dup_words (KithJoinRequest *request)
{
  KithContact *by = kith_join_request_get_brought_by (request);
  const char *text = kith_join_request_get_text (request);
  g_autofree char *how = NULL;
  g_autofree char *id = kith_format_short_id (kith_join_request_get_id (request));

  if (by != NULL)
    /* Translators: the name of a person */
    how = kith_sentence_make (_("Invited by %s"), kith_contact_get_display_name (by));
  else if (kith_join_request_get_by_link (request))
    how = g_strdup (_("Came with the group’s link"));
  else
    how = g_strdup (_("Asks to join"));

  if (kith_join_request_get_contact (request) == NULL)
    {
      g_autofree char *known = g_steal_pointer (&how);

      /* Translators: "Invited by Ann", the beginning of their ID */
      how = g_strdup_printf (_("%s. Not a contact of yours: %s"), known, id);
    }

  return *text != '\0' ? g_strdup_printf ("%s\n“%s”", how, text) : g_steal_pointer (&how);
}

/* The row goes when it was done, and can be tried again when it was not. */
static void
decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) buttons = user_data;
  g_autoptr (GError) error = NULL;
  GtkRoot *window = gtk_widget_get_root (buttons);

  if (kith_node_group_finish (KITH_NODE (source), result, &error) || window == NULL)
    return;

  gtk_widget_set_sensitive (buttons, TRUE);
  kith_toast_say_error (GTK_WIDGET (kith_group_acts_find_main (GTK_WINDOW (window))), error);
}

static void
approve_cb (GtkWidget *button, Decision *decision)
{
  kith_list_focus_hold (decision->buttons);
  gtk_widget_set_sensitive (decision->buttons, FALSE);
  kith_node_approve_async (decision->node, decision->group, decision->request, NULL, decided_cb,
                           g_object_ref (decision->buttons));
}

static void
deny_cb (GtkWidget *button, Decision *decision)
{
  kith_list_focus_hold (decision->buttons);
  gtk_widget_set_sensitive (decision->buttons, FALSE);
  kith_node_deny_async (decision->node, decision->group, decision->request, NULL, decided_cb,
                        g_object_ref (decision->buttons));
}

static void
add_button (Decision *decision, const char *words, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (words);

  /* Several rows have the same two buttons. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (button, "clicked", callback, decision);
  gtk_box_append (GTK_BOX (decision->buttons), button);
}

static GtkWidget *
make_buttons (Decision *decision)
{
  const char *name = kith_join_request_get_name (decision->request);
  /* Translators: the name of a person who asks to join a group; said of a button */
  g_autofree char *deny = g_strdup_printf (_("Deny %s"), name);
  /* Translators: the name of a person who asks to join a group; said of a button */
  g_autofree char *approve = g_strdup_printf (_("Approve %s"), name);

  decision->buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_halign (decision->buttons, GTK_ALIGN_END);
  /* Translators: a button: somebody who asks to join a group */
  add_button (decision, _("Deny"), deny, G_CALLBACK (deny_cb));
  /* Translators: a button: somebody who asks to join a group */
  add_button (decision, _("Approve"), approve, G_CALLBACK (approve_cb));

  return decision->buttons;
}

static GtkWidget *
make_label (const char *words, const char *css_class)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, css_class);
      gtk_widget_add_css_class (label, "caption");
    }

  return label;
}

static GtkWidget *
make_avatar (KithJoinRequest *request)
{
  KithContact *contact = kith_join_request_get_contact (request);
  GtkWidget *avatar = g_object_new (KITH_TYPE_AVATAR, "size", 32, "valign", GTK_ALIGN_START, NULL);

  if (contact != NULL)
    kith_avatar_set_contact (KITH_AVATAR (avatar), contact);
  else
    {
      kith_avatar_set_name (KITH_AVATAR (avatar), kith_join_request_get_name (request));
      kith_person_colour_set (avatar, kith_join_request_get_identity (request));
    }

  return avatar;
}

/* @words: what stands below the name */
static void
set_name (GtkWidget *row, KithJoinRequest *request, const char *words)
{
  g_autofree char *label = g_strdup_printf (
    /* Translators: who asks to join a group; how they came to it and what they write */
    _("%s, %s"), kith_join_request_get_name (request), words);
  g_autofree char *spoken = kith_sentence_dup_spoken (label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/**
 * kith_join_request_row_new:
 * @request: who asks
 * @node: who decides
 * @group: where to be let in
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
kith_join_request_row_new (KithJoinRequest *request, KithNode *node, KithGroup *group)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *name = make_label (kith_join_request_get_name (request), NULL);
  g_autofree char *words = dup_words (request);
  Decision *decision = g_new0 (Decision, 1);

  decision->request = g_object_ref (request);
  decision->node = g_object_ref (node);
  decision->group = g_object_ref (group);
  g_object_set_data_full (G_OBJECT (row), "decision", decision, decision_free);

  gtk_box_append (GTK_BOX (column), name);
  gtk_box_append (GTK_BOX (column), make_label (words, "dim-label"));
  gtk_box_append (GTK_BOX (column), make_buttons (decision));
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (GTK_BOX (line), make_avatar (request));
  gtk_box_append (GTK_BOX (line), column);
  gtk_widget_add_css_class (line, "join-request");

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  set_name (row, request, words);

  return row;
}
