/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-address-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/kith-address-input.h"
#include "ui/kith-announce.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-keys.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"

struct _KithAddressDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  GtkListBox *address_list;
  GtkSwitch *listen_switch;
  GtkEditable *address_row;
  GtkEditable *port_row;
  GtkWidget *outcome_group;
  GtkLabel *complaint_label;
  GtkWidget *apply_button;

  KithNode *node;    /* (owned) */
  char *address;     /* (owned) (nullable) as far as it is valid */
  guint16 port;      /* 0 = any */
  gboolean valid;
  gboolean updating; /* the fields are being set by us */
};

G_DEFINE_FINAL_TYPE (KithAddressDialog, kith_address_dialog, ADW_TYPE_WINDOW)

/* --- The addresses -------------------------------------------------------------------------- */

/* By the button, or by a click on the whole row. */
static void
copy_cb (GtkWidget *widget, KithAddressDialog *self)
{
  const char *endpoint = g_object_get_data (G_OBJECT (widget), "endpoint");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), endpoint);
  kith_toast_show (self->toast_overlay, _("Address copied"));
}

static void
add_address (KithAddressDialog *self, const char *address)
{
  g_autofree char *endpoint = kith_address_input_join (address, kith_node_get_listen_port (self->node));
  /* Translators: an address and port such as 192.168.1.7:5484 */
  g_autofree char *label = g_strdup_printf (_("Copy %s"), endpoint);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), endpoint);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), kith_address_input_describe (address));
  gtk_widget_add_css_class (row, "address-row");

  g_object_set_data_full (G_OBJECT (button), "endpoint", g_strdup (endpoint), g_free);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (copy_cb), self, 0);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data_full (G_OBJECT (row), "endpoint", g_strdup (endpoint), g_free);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_object (row, "activated", G_CALLBACK (copy_cb), self, 0);
  gtk_list_box_append (self->address_list, row);
}

static void
add_words (KithAddressDialog *self, const char *words)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words);
  gtk_widget_add_css_class (row, "dim-label");
  gtk_list_box_append (self->address_list, row);
}

static void
show_addresses (KithAddressDialog *self)
{
  g_auto (GStrv) addresses = kith_node_dup_own_addresses (self->node);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->address_list))) != NULL)
    gtk_list_box_remove (self->address_list, row);

  for (guint i = 0; addresses != NULL && addresses[i] != NULL; i++)
    add_address (self, addresses[i]);

  if (!kith_node_get_listening (self->node))
    add_words (self, _("Nobody can reach you at the moment"));
  else if (addresses == NULL || addresses[0] == NULL)
    add_words (self, _("This computer is in no network"));
}

/* --- The listener --------------------------------------------------------------------------- */

static void
show_outcome (KithAddressDialog *self, const char *words, gboolean can_apply)
{
  gtk_label_set_text (self->complaint_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->complaint_label), words != NULL);
  gtk_widget_set_visible (self->apply_button, can_apply);
  gtk_widget_set_visible (self->outcome_group, words != NULL || can_apply);
}

static gboolean
is_changed (KithAddressDialog *self)
{
  const char *now = kith_node_get_listen_address (self->node);

  return kith_node_get_listening (self->node)
         && (g_strcmp0 (self->address, now != NULL ? now : "") != 0
             || self->port != kith_node_get_listen_port (self->node));
}

static void
check (KithAddressDialog *self)
{
  const char *of_address, *of_port;
  gboolean port_valid;

  if (self->updating)
    return;

  g_free (self->address);
  self->address = kith_address_input_check_address (gtk_editable_get_text (self->address_row),
                                                    KITH_ADDRESS_LISTEN, &of_address);
  port_valid = kith_address_input_check_port (gtk_editable_get_text (self->port_row),
                                              KITH_ADDRESS_LISTEN, &self->port, &of_port);
  self->valid = self->address != NULL && port_valid;

  gtk_widget_set_sensitive (GTK_WIDGET (self->listen_switch),
                            self->valid || kith_node_get_listening (self->node));
  show_outcome (self, of_address != NULL ? of_address : of_port, self->valid && is_changed (self));
  kith_entry_state_complain (GTK_WIDGET (self->address_row), of_address, GTK_WIDGET (self->complaint_label));
  kith_entry_state_complain (GTK_WIDGET (self->port_row), of_port,
                             of_address == NULL ? GTK_WIDGET (self->complaint_label) : NULL);
}

static void
show_listener (KithAddressDialog *self)
{
  gboolean listening = kith_node_get_listening (self->node);
  const char *address = kith_node_get_listen_address (self->node);

  self->updating = TRUE;
  if (listening)
    {
      g_autofree char *port = g_strdup_printf ("%u", kith_node_get_listen_port (self->node));

      gtk_editable_set_text (self->address_row, address != NULL ? address : "");
      gtk_editable_set_text (self->port_row, port);
      kith_typed_done (GTK_WIDGET (self->address_row)); /* nothing yet when the dialog is made */
      kith_typed_done (GTK_WIDGET (self->port_row));
    }
  gtk_switch_set_active (self->listen_switch, listening);
  gtk_switch_set_state (self->listen_switch, listening);
  self->updating = FALSE;
}

static void
update (KithAddressDialog *self)
{
  show_listener (self);
  show_addresses (self);
  check (self);
}

static gboolean
listen_there (KithAddressDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_node_listen (self->node, self->address, self->port, FALSE, &error))
    {
      update (self);
      return TRUE;
    }

  words = kith_explain_listen (error, self->address, self->port);
  show_outcome (self, words, is_changed (self));
  kith_announce (GTK_WIDGET (self), words);

  return FALSE;
}

static void
apply_cb (KithAddressDialog *self)
{
  if (!self->valid)
    kith_entry_state_say (GTK_WIDGET (self));
  else if (is_changed (self))
    listen_there (self);
}

static gboolean
state_set_cb (GtkSwitch *widget, gboolean state, KithAddressDialog *self)
{
  if (self->updating || state == kith_node_get_listening (self->node))
    return FALSE;

  if (!state)
    {
      kith_node_unlisten (self->node);
      update (self);
      return TRUE;
    }

  /* What failed must not look switched on. */
  if (!self->valid || !listen_there (self))
    {
      self->updating = TRUE;
      gtk_switch_set_active (widget, FALSE);
      self->updating = FALSE;
    }

  return TRUE;
}

static void
check_connection_cb (KithAddressDialog *self)
{
  gtk_window_present (GTK_WINDOW (kith_doctor_dialog_new (GTK_WINDOW (self), self->node, NULL)));
}

static void
kith_address_dialog_dispose (GObject *object)
{
  KithAddressDialog *self = KITH_ADDRESS_DIALOG (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_ADDRESS_DIALOG);

  G_OBJECT_CLASS (kith_address_dialog_parent_class)->dispose (object);
}

static void
kith_address_dialog_finalize (GObject *object)
{
  KithAddressDialog *self = KITH_ADDRESS_DIALOG (object);

  g_free (self->address);

  G_OBJECT_CLASS (kith_address_dialog_parent_class)->finalize (object);
}

static void
kith_address_dialog_class_init (KithAddressDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kith_address_dialog_dispose;
  object_class->finalize = kith_address_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-address-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, address_list);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, listen_switch);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, port_row);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, outcome_group);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, complaint_label);
  gtk_widget_class_bind_template_child (widget_class, KithAddressDialog, apply_button);
  gtk_widget_class_bind_template_callback (widget_class, check);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, state_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_connection_cb);
}

static void
kith_address_dialog_init (KithAddressDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
put_back (KithAddressDialog *self, GtkEditable *row, const char *name)
{
  kith_typed_watch (GTK_WIDGET (row), self->node, name);
  kith_typed_put_back (GTK_WIDGET (row));
}

/**
 * kith_address_dialog_new:
 * @parent: the window it belongs to
 * @node: whose address
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_address_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithAddressDialog *self = g_object_new (KITH_TYPE_ADDRESS_DIALOG, "transient-for", parent, NULL);
  g_autofree char *port = g_strdup_printf ("%u", (guint) KITH_DEFAULT_PORT);

  self->node = g_object_ref (node);
  g_signal_connect_object (node, "notify::listening", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "notify::listen-port", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  self->updating = TRUE;
  gtk_editable_set_text (self->port_row, port);
  self->updating = FALSE;
  update (self);
  put_back (self, self->address_row, "listen-address");
  put_back (self, self->port_row, "listen-port");

  return GTK_WIDGET (self);
}
