/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-nearby-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-network-words.h"
#include "ui/kith-person-row.h"
#include "ui/kith-question.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

struct _KithNearbyDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  GtkListBox *list_box;
  GtkSwitch *present_switch;
  AdwStatusPage *off_page;

  KithNode *node;            /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) while somebody is being asked */
  gboolean updating;         /* the switch is being set by us */
};

enum
{
  SIGNAL_CONNECTED,
  SIGNAL_OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithNearbyDialog, kith_nearby_dialog, ADW_TYPE_WINDOW)

static char *
dup_name (KithNearby *nearby)
{
  KithContact *contact = kith_nearby_get_contact (nearby);
  const char *name = contact != NULL ? kith_contact_get_display_name (contact)
                                     : kith_nearby_get_name (nearby);

  return g_strdup (*name != '\0' ? name : _("Somebody without a name"));
}

/* --- Asking --------------------------------------------------------------------------------- */

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithNearbyDialog) self = user_data;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  KithConnectOutcome outcome;
  gboolean done
      = kith_node_connect_finish (KITH_NODE (source), result, &outcome, &contact, &error);

  /* Closed meanwhile. */
  if (self->cancellable == NULL)
    return;

  g_clear_object (&self->cancellable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list_box), TRUE);
  if (done)
    {
      g_signal_emit (self, signals[SIGNAL_CONNECTED], 0, contact,
                     outcome == KITH_CONNECT_REQUESTED);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  kith_toast_show_error (self->toast_overlay, error);
}

static void
response_cb (GtkWidget *question, const char *response, KithNearbyDialog *self)
{
  KithNearby *nearby = g_object_get_data (G_OBJECT (question), "nearby");
  GtkEditable *entry = g_object_get_data (G_OBJECT (question), "entry");
  const char *text = gtk_editable_get_text (entry);

  if (!g_str_equal (response, "ask") || self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  gtk_widget_set_sensitive (GTK_WIDGET (self->list_box), FALSE);
  kith_node_connect_nearby_async (self->node, nearby, *text != '\0' ? text : NULL,
                                  self->cancellable, asked_cb, g_object_ref (self));
}

static void
ask (KithNearbyDialog *self, KithNearby *nearby)
{
  g_autofree char *name = dup_name (nearby);
  /* Translators: somebody's name */
  g_autofree char *heading = kith_sentence_make (_("Ask %s?"), name);
  AdwMessageDialog *question = kith_question_new (
      GTK_WIDGET (self), heading,
      _("Anybody can call themselves that: make sure that it is who you think. They see your name, "
        "and what you write here."),
      /* Translators: a button: a person to be a contact */
      "ask", _("_Ask"), ADW_RESPONSE_SUGGESTED);
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), KITH_LIMIT_REQUEST_TEXT_CHARS);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Introduce yourself (optional)"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Introduce yourself (optional)"), -1);
  adw_message_dialog_set_extra_child (question, entry);

  g_object_set_data_full (G_OBJECT (question), "nearby", g_object_ref (nearby), g_object_unref);
  g_object_set_data (G_OBJECT (question), "entry", entry);
  g_signal_connect_object (question, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (question));
}

/* --- People --------------------------------------------------------------------------------- */

static void
clicked_cb (GtkWidget *widget, KithNearbyDialog *self)
{
  KithNearby *nearby = g_object_get_data (G_OBJECT (widget), "nearby");

  if (kith_nearby_get_contact (nearby) == NULL)
    {
      ask (self, nearby);
      return;
    }

  g_signal_emit (self, signals[SIGNAL_OPENED], 0, kith_nearby_get_id (nearby));
  gtk_window_close (GTK_WINDOW (self));
}

static GtkWidget *
make_button (KithNearbyDialog *self, KithNearby *nearby, const char *name)
{
  gboolean known = kith_nearby_get_contact (nearby) != NULL;
  /* Translators: a button: a conversation or a file */
  GtkWidget *button = gtk_button_new_with_label (known ? _("Open")
                                                       /* Translators: a button: a person to be a contact */
                                                       : _("Ask…"));
  /* Translators: somebody's name */
  g_autofree char *label = g_strdup_printf (known ? _("Open %s")
                                                  /* Translators: somebody's name; to be a contact */
                                                  : _("Ask %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "nearby", g_object_ref (nearby), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);

  return button;
}

static void
show_row (KithPersonRow *row)
{
  KithNearby *nearby = g_object_get_data (G_OBJECT (row), "nearby");
  KithContact *contact = kith_nearby_get_contact (nearby);
  g_autofree char *name = dup_name (nearby);
  g_autofree char *id = kith_format_short_id (kith_nearby_get_id (nearby));

  kith_person_row_set_person (row, contact, name, contact != NULL ? _("Your contact") : id);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithNearbyDialog *self = user_data;
  KithNearby *nearby = item;
  KithPersonRow *row = KITH_PERSON_ROW (kith_person_row_new ());
  g_autofree char *name = dup_name (nearby);

  g_object_set_data_full (G_OBJECT (row), "nearby", g_object_ref (nearby), g_object_unref);
  show_row (row);
  kith_person_row_add_suffix (row, make_button (self, nearby, name));
  /* People may change what they call themselves. */
  g_signal_connect_object (nearby, "notify::name", G_CALLBACK (show_row), row, G_CONNECT_SWAPPED);

  return kith_person_row_wrap (row);
}

static void
update (KithNearbyDialog *self)
{
  KithNetwork *network = kith_node_get_network (self->node);
  KithLanStatus lan = kith_network_get_lan (network);
  g_autofree char *words = kith_network_words_dup_lan (network);
  gboolean none = g_list_model_get_n_items (kith_node_get_nearby (self->node)) == 0;
  gboolean on = lan == KITH_LAN_STATUS_ON || lan == KITH_LAN_STATUS_PRESENTED;

  adw_status_page_set_description (self->off_page, words);
  gtk_stack_set_visible_child_name (self->stack, !on ? "off" : none ? "empty" : "list");
  self->updating = TRUE;
  gtk_switch_set_active (self->present_switch,
                         kith_node_get_network_config (self->node)->lan_present);
  self->updating = FALSE;
}

static void
present_cb (KithNearbyDialog *self)
{
  g_autoptr (KithNetworkConfig) config = NULL;
  g_autoptr (GError) error = NULL;

  if (self->node == NULL || self->updating)
    return;

  config = kith_network_config_copy (kith_node_get_network_config (self->node));
  config->lan_present = gtk_switch_get_active (self->present_switch);
  if (!kith_node_set_network_config (self->node, config, &error))
    kith_toast_show_error (self->toast_overlay, error);
  update (self);
}

static void
refresh_cb (KithNearbyDialog *self)
{
  kith_node_refresh_nearby (self->node);
}

/* --- Object --------------------------------------------------------------------------------- */

static gboolean
kith_nearby_dialog_close_request (GtkWindow *window)
{
  KithNearbyDialog *self = KITH_NEARBY_DIALOG (window);
  g_autoptr (GCancellable) cancellable = g_steal_pointer (&self->cancellable);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);

  return GTK_WINDOW_CLASS (kith_nearby_dialog_parent_class)->close_request (window);
}

static void
kith_nearby_dialog_dispose (GObject *object)
{
  KithNearbyDialog *self = KITH_NEARBY_DIALOG (object);

  if (self->list_box != NULL)
    kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_NEARBY_DIALOG);

  G_OBJECT_CLASS (kith_nearby_dialog_parent_class)->dispose (object);
}

static void
kith_nearby_dialog_class_init (KithNearbyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_nearby_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = kith_nearby_dialog_close_request;

  signals[SIGNAL_CONNECTED]
      = g_signal_new ("connected", KITH_TYPE_NEARBY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, KITH_TYPE_CONTACT, G_TYPE_BOOLEAN);
  signals[SIGNAL_OPENED] = g_signal_new ("opened", KITH_TYPE_NEARBY_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-nearby-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithNearbyDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithNearbyDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithNearbyDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithNearbyDialog, present_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNearbyDialog, off_page);
  gtk_widget_class_bind_template_callback (widget_class, present_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_cb);
}

static void
kith_nearby_dialog_init (KithNearbyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_nearby_dialog_new:
 * @parent: the window it belongs to
 * @node: whose network
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_nearby_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithNearbyDialog *self = g_object_new (KITH_TYPE_NEARBY_DIALOG, "transient-for", parent, NULL);
  GListModel *nearby = kith_node_get_nearby (node);

  self->node = g_object_ref (node);
  kith_list_focus_bind_model (self->list_box, nearby, create_row_cb, self);
  g_signal_connect_object (nearby, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (kith_node_get_network (node), "notify::lan", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  kith_node_refresh_nearby (node);

  return GTK_WIDGET (self);
}
