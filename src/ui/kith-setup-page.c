/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-setup-page.h"

#include <glib/gi18n.h>

#include "ui/kith-keys.h"
#include "ui/kith-passphrase-fields.h"
#include "ui/kith-question.h"
#include "ui/kith-task-panel.h"

struct _KithSetupPage
{
  AdwBin parent_instance;

  GtkWidget *back_button;
  KithPassphraseFields *fields;
  KithTaskPanel *panel;
  GtkWidget *without_button;

  KithProfileFolder *folder; /* (owned) (nullable) */
};

enum
{
  SIGNAL_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithSetupPage, kith_setup_page, ADW_TYPE_BIN)

static void
set_busy (KithSetupPage *self, gboolean busy)
{
  kith_passphrase_fields_set_editable (self->fields, !busy);
  gtk_widget_set_sensitive (self->back_button, !busy);
  gtk_widget_set_sensitive (self->without_button, !busy);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithSetupPage) self = user_data;
  g_autoptr (GError) error = NULL;

  kith_profile_folder_create_finish (KITH_PROFILE_FOLDER (source), result, &error);
  if (self->panel == NULL)
    return;

  set_busy (self, FALSE);
  kith_task_panel_end (self->panel, error);
}

static void
create (KithSetupPage *self, const char *passphrase)
{
  GCancellable *cancellable = kith_task_panel_begin (self->panel, FALSE);

  set_busy (self, TRUE);
  kith_profile_folder_create_async (self->folder, passphrase, cancellable, created_cb,
                                    g_object_ref (self));
  kith_passphrase_fields_clear (self->fields);
}

static void
changed_cb (KithSetupPage *self)
{
  kith_task_panel_set_ready (self->panel, kith_passphrase_fields_is_good (self->fields));
}

static void
activated_cb (KithSetupPage *self)
{
  kith_task_panel_start (self->panel);
}

static void
start_cb (KithSetupPage *self)
{
  create (self, kith_passphrase_fields_get (self->fields));
}

static void
back_cb (KithSetupPage *self)
{
  kith_passphrase_fields_clear (self->fields);
  g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static gboolean
back_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KithSetupPage *self = KITH_SETUP_PAGE (widget);

  if (!kith_keys_is_back (widget, arguments) || !gtk_widget_get_sensitive (self->back_button))
    return GDK_EVENT_PROPAGATE;

  back_cb (self);

  return GDK_EVENT_STOP;
}

static void
response_cb (KithSetupPage *self, const char *response)
{
  if (g_str_equal (response, "without") && self->folder != NULL)
    create (self, NULL);
}

static void
without_cb (KithSetupPage *self)
{
  AdwMessageDialog *dialog = kith_question_new (
      GTK_WIDGET (self), _("Go Without a Passphrase?"),
      _("Anybody who has this computer or a copy of the profile’s folder can read all your messages "
        "and pretend to be you. You can set a passphrase later, in the preferences."),
      "without", _("_Without a Passphrase"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
kith_setup_page_dispose (GObject *object)
{
  KithSetupPage *self = KITH_SETUP_PAGE (object);

  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SETUP_PAGE);

  G_OBJECT_CLASS (kith_setup_page_parent_class)->dispose (object);
}

static void
kith_setup_page_class_init (KithSetupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_setup_page_dispose;

  signals[SIGNAL_BACK] = g_signal_new ("back", KITH_TYPE_SETUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KITH_TYPE_PASSPHRASE_FIELDS);
  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-setup-page.ui");
  kith_keys_bind_back (widget_class, back_key_cb);
  gtk_widget_class_bind_template_child (widget_class, KithSetupPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, KithSetupPage, fields);
  gtk_widget_class_bind_template_child (widget_class, KithSetupPage, panel);
  gtk_widget_class_bind_template_child (widget_class, KithSetupPage, without_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, without_cb);
}

static void
kith_setup_page_init (KithSetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_setup_page_set_folder:
 * @self: a page
 * @folder: (nullable): where to make the vault
 */
void
kith_setup_page_set_folder (KithSetupPage *self, KithProfileFolder *folder)
{
  g_return_if_fail (KITH_IS_SETUP_PAGE (self));

  g_set_object (&self->folder, folder);
}

/**
 * kith_setup_page_focus:
 * @self: a page
 *
 * Puts the cursor into the passphrase.
 */
void
kith_setup_page_focus (KithSetupPage *self)
{
  g_return_if_fail (KITH_IS_SETUP_PAGE (self));

  kith_passphrase_fields_focus (self->fields);
}
