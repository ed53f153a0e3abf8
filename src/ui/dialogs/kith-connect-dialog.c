/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-connect-dialog.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-reach.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/kith-address-input.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-error-box.h"
#include "ui/kith-keys.h"
#include "ui/kith-request-input.h"
#include "ui/kith-typed.h"

struct _KithConnectDialog
{
  AdwWindow parent_instance;

  GtkWidget *connect_button;
  GtkStack *button_stack;
  GtkSpinner *spinner;
  GtkEditable *address_row;
  GtkEditable *port_row;
  GtkEditable *passphrase_row;
  GtkEditable *text_row;
  GtkLabel *complaint_label;
  KithErrorBox *error_box;

  KithNode *node;            /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) set while a connection is tried */
  char *address;             /* (owned) (nullable) as far as it is valid */
  guint16 port;              /* 0 = not valid */
  gsize address_len;         /* of the text, to tell pasting from typing */
};

enum
{
  SIGNAL_CONNECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithConnectDialog, kith_connect_dialog, ADW_TYPE_WINDOW)

/* --- Validation ----------------------------------------------------------------------------- */

/* Takes address and port from the fields, or both from the first one ("192.168.1.7:5484"). */
static void
check_endpoint (KithConnectDialog *self, const char **of_address, const char **of_port)
{
  const char *text = gtk_editable_get_text (self->address_row);

  g_clear_pointer (&self->address, g_free);
  *of_address = NULL;
  *of_port = NULL;

  if (kith_address_input_split (text, &self->address, &self->port))
    return;

  self->address = kith_address_input_check_address (text, KITH_ADDRESS_CONNECT, of_address);
  kith_address_input_check_port (gtk_editable_get_text (self->port_row), KITH_ADDRESS_CONNECT,
                                 &self->port, of_port);
}

/* @shown: (nullable): the first complaint of all, which there is room for */
static void
complain (KithConnectDialog *self, GtkEditable *row, const char *words, const char *shown)
{
  kith_entry_state_complain (GTK_WIDGET (row), words, words == shown ? GTK_WIDGET (self->complaint_label) : NULL);
}

static void
update (KithConnectDialog *self)
{
  const char *of_address, *of_port, *of_text, *complaint;

  check_endpoint (self, &of_address, &of_port);
  of_text = kith_request_input_check (gtk_editable_get_text (self->text_row));

  complaint = of_address != NULL ? of_address : of_port != NULL ? of_port : of_text;
  gtk_label_set_text (self->complaint_label, complaint != NULL ? complaint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->complaint_label), complaint != NULL);
  complain (self, self->address_row, of_address, complaint);
  complain (self, self->port_row, of_port, complaint);
  complain (self, self->text_row, of_text, complaint);
  kith_error_box_hide (self->error_box);
  gtk_widget_set_sensitive (self->connect_button, self->address != NULL && self->port != 0
                                                      && complaint == NULL
                                                      && self->cancellable == NULL);
}

/* Fills in both fields. @endpoint: "192.168.1.7:5484"; anything else is left alone */
static void
set_endpoint (KithConnectDialog *self, const char *endpoint)
{
  g_autofree char *address = NULL;
  g_autofree char *port_text = NULL;
  guint16 port;

  if (!kith_address_input_split (endpoint, &address, &port))
    return;

  port_text = g_strdup_printf ("%u", port);
  gtk_editable_set_text (self->port_row, port_text);
  gtk_editable_set_text (self->address_row, address);
  gtk_editable_set_position (self->address_row, -1);
}

static gboolean
split_address_cb (gpointer user_data)
{
  KithConnectDialog *self = user_data;

  if (self->node == NULL)
    return G_SOURCE_REMOVE;

  set_endpoint (self, gtk_editable_get_text (self->address_row));

  return G_SOURCE_REMOVE;
}

static void
address_changed_cb (KithConnectDialog *self)
{
  const char *text = gtk_editable_get_text (self->address_row);
  gsize len = strlen (text);
  gboolean pasted = len > self->address_len + 1;
  g_autofree char *address = NULL;
  guint16 port;

  self->address_len = len;
  update (self);

  /* What was pasted fills both fields. The text cannot be changed while it reports a change. */
  if (pasted && kith_address_input_split (text, &address, &port))
    g_idle_add_full (G_PRIORITY_HIGH_IDLE, split_address_cb, g_object_ref (self), g_object_unref);
}

/* --- Connecting ----------------------------------------------------------------------------- */

static void
set_busy (KithConnectDialog *self, gboolean busy)
{
  g_clear_object (&self->cancellable);
  if (busy)
    self->cancellable = g_cancellable_new ();

  /* Not insensitive: the cursor stays where it is. */
  gtk_editable_set_editable (self->address_row, !busy);
  gtk_editable_set_editable (self->port_row, !busy);
  gtk_editable_set_editable (self->passphrase_row, !busy);
  gtk_editable_set_editable (self->text_row, !busy);
  gtk_stack_set_visible_child_name (self->button_stack, busy ? "spinner" : "label");
  gtk_spinner_set_spinning (self->spinner, busy);
  update (self);
}

static gboolean
is_about_passphrase (const GError *error)
{
  return g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_ADMITTED)
         || g_error_matches (error, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE)
         || g_error_matches (error, KITH_ERROR, KITH_ERROR_PEER_CLOSED);
}

static void
show_error (KithConnectDialog *self, const GError *error)
{
  g_autofree char *words = kith_explain_connect (error, self->address, self->port);

  /* First the focus, for its words cut off what was said before. */
  gtk_widget_grab_focus (GTK_WIDGET (is_about_passphrase (error) ? self->passphrase_row
                                                                 : self->address_row));
  kith_error_box_show (self->error_box, words, kith_explain_is_network (error));
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConnectDialog) self = user_data;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  KithConnectOutcome outcome;

  if (kith_node_connect_finish (KITH_NODE (source), result, &outcome, &contact, &error))
    {
      g_clear_object (&self->cancellable);
      g_signal_emit (self, signals[SIGNAL_CONNECTED], 0, contact,
                     outcome == KITH_CONNECT_REQUESTED);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  /* Closed meanwhile. */
  if (self->cancellable == NULL)
    return;

  set_busy (self, FALSE);
  if (!g_error_matches (error, KITH_ERROR, KITH_ERROR_CANCELLED)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error);
}

static void
connect_clicked_cb (KithConnectDialog *self)
{
  const char *passphrase = gtk_editable_get_text (self->passphrase_row);
  const char *text = gtk_editable_get_text (self->text_row);

  if (!gtk_widget_get_sensitive (self->connect_button))
    {
      kith_entry_state_say (GTK_WIDGET (self));
      return;
    }

  set_busy (self, TRUE);
  kith_node_connect_with_passphrase_async (self->node, self->address, self->port,
                                           *passphrase != '\0' ? passphrase : NULL,
                                           *text != '\0' ? text : NULL, self->cancellable, connect_cb,
                                           g_object_ref (self));
}

/* The first Cancel stops the attempt, the second one leaves. */
static void
cancel_clicked_cb (KithConnectDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* Who was not reached is not known: what is looked at is the connection of this computer. */
static void
find_out_cb (KithConnectDialog *self)
{
  gtk_window_present (GTK_WINDOW (kith_doctor_dialog_new (GTK_WINDOW (self), self->node, NULL)));
}

static gboolean
kith_connect_dialog_close_request (GtkWindow *window)
{
  KithConnectDialog *self = KITH_CONNECT_DIALOG (window);
  g_autoptr (GCancellable) cancellable = g_steal_pointer (&self->cancellable);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);

  return GTK_WINDOW_CLASS (kith_connect_dialog_parent_class)->close_request (window);
}

static void
kith_connect_dialog_dispose (GObject *object)
{
  KithConnectDialog *self = KITH_CONNECT_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->node);
  kith_typed_let_go (self->text_row);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_CONNECT_DIALOG);

  G_OBJECT_CLASS (kith_connect_dialog_parent_class)->dispose (object);
}

static void
kith_connect_dialog_finalize (GObject *object)
{
  KithConnectDialog *self = KITH_CONNECT_DIALOG (object);

  g_free (self->address);

  G_OBJECT_CLASS (kith_connect_dialog_parent_class)->finalize (object);
}

static void
kith_connect_dialog_class_init (KithConnectDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kith_connect_dialog_dispose;
  object_class->finalize = kith_connect_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kith_connect_dialog_close_request;

  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", KITH_TYPE_CONNECT_DIALOG, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 2, KITH_TYPE_CONTACT,
                                            G_TYPE_BOOLEAN);

  g_type_ensure (KITH_TYPE_ERROR_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-connect-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, button_stack);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, port_row);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, passphrase_row);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, text_row);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, complaint_label);
  gtk_widget_class_bind_template_child (widget_class, KithConnectDialog, error_box);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, connect_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_out_cb);
}

static void
kith_connect_dialog_init (KithConnectDialog *self)
{
  g_autofree char *port = g_strdup_printf ("%u", (guint) KITH_DEFAULT_PORT);

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_editable_set_text (self->port_row, port);
  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
}

/* The three are about one and the same: what was typed for somebody else is not for @endpoint. */
static void
watch (KithConnectDialog *self, const char *endpoint)
{
  struct
  {
    GtkEditable *row;
    const char *name;
  } rows[] = {
    { self->address_row, "connect-address" },
    { self->port_row, "connect-port" },
    { self->text_row, "connect-text" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      kith_typed_watch (GTK_WIDGET (rows[i].row), self->node, rows[i].name);
      if (endpoint == NULL)
        kith_typed_put_back (GTK_WIDGET (rows[i].row));
    }
}

/**
 * kith_connect_dialog_new:
 * @parent: the window it belongs to
 * @node: who connects
 * @endpoint: (nullable): to where: "192.168.1.7:5484"; anything else is left alone
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_connect_dialog_new (GtkWindow *parent, KithNode *node, const char *endpoint)
{
  KithConnectDialog *self = g_object_new (KITH_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  watch (self, endpoint);
  if (endpoint != NULL)
    set_endpoint (self, endpoint);

  return GTK_WIDGET (self);
}
