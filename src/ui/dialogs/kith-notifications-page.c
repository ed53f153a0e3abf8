/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-notifications-page.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-background.h"

struct _KithNotificationsPage
{
  AdwPreferencesPage parent_instance;

  GtkSwitch *notify_switch;
  GtkWidget *text_row;
  GtkSwitch *text_switch;
  GtkWidget *background_group;
  GtkSwitch *background_switch;
  AdwActionRow *login_row;
  GtkSwitch *login_switch;

  KithNode *node;     /* (owned) (nullable) */
  char *profile_path; /* (owned) (nullable) */
  gboolean updating;  /* the rows are being set by us */
};

enum
{
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithNotificationsPage, kith_notifications_page, ADW_TYPE_PREFERENCES_PAGE)

static void
update (KithNotificationsPage *self)
{
  gboolean notify = kith_node_get_setting_int (self->node, KITH_SETTING_NOTIFY) != 0;
  gboolean can_start = kith_background_can_autostart (self->profile_path);

  self->updating = TRUE;
  gtk_switch_set_active (self->notify_switch, notify);
  gtk_widget_set_sensitive (self->text_row, notify);
  gtk_switch_set_active (self->text_switch,
                         kith_node_get_setting_int (self->node, KITH_SETTING_NOTIFY_TEXT) != 0);

  gtk_widget_set_visible (self->background_group, self->profile_path != NULL);
  gtk_switch_set_active (self->background_switch,
                         kith_node_get_setting_int (self->node, KITH_SETTING_BACKGROUND) != 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->login_row), can_start);
  gtk_switch_set_active (self->login_switch,
                         can_start && kith_background_get_autostart (self->node));
  if (!can_start)
    adw_action_row_set_subtitle (self->login_row, _("Not for a profile that is kept elsewhere"));
  self->updating = FALSE;
}

static void
switched_cb (KithNotificationsPage *self)
{
  if (self->node == NULL || self->updating)
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_NOTIFY,
                             gtk_switch_get_active (self->notify_switch));
  kith_node_set_setting_int (self->node, KITH_SETTING_NOTIFY_TEXT,
                             gtk_switch_get_active (self->text_switch));
  update (self);
}

static void
background_switched_cb (KithNotificationsPage *self)
{
  if (self->node != NULL && !self->updating)
    kith_node_set_setting_int (self->node, KITH_SETTING_BACKGROUND,
                               gtk_switch_get_active (self->background_switch));
}

static void
login_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithNotificationsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kith_background_set_autostart_finish (KITH_NODE (source), result, &error);

  if (self->node == NULL)
    return;

  if (!done)
    {
      /* Translators: why follows, in the words of the system */
      g_autofree char *words = g_strdup_printf (_("That could not be set: %s"), error->message);

      g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
    }
  update (self);
}

static void
login_switched_cb (KithNotificationsPage *self)
{
  if (self->node != NULL && !self->updating)
    kith_background_set_autostart_async (self->node, self->profile_path,
                                         gtk_switch_get_active (self->login_switch), login_set_cb,
                                         g_object_ref (self));
}

static void
kith_notifications_page_dispose (GObject *object)
{
  KithNotificationsPage *self = KITH_NOTIFICATIONS_PAGE (object);

  g_clear_object (&self->node);
  g_clear_pointer (&self->profile_path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_NOTIFICATIONS_PAGE);

  G_OBJECT_CLASS (kith_notifications_page_parent_class)->dispose (object);
}

static void
kith_notifications_page_class_init (KithNotificationsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_notifications_page_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_NOTIFICATIONS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-notifications-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, notify_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, text_row);
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, text_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, background_group);
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, background_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, login_row);
  gtk_widget_class_bind_template_child (widget_class, KithNotificationsPage, login_switch);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, background_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, login_switched_cb);
}

static void
kith_notifications_page_init (KithNotificationsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_notifications_page_set_node:
 * @self: a page
 * @node: whose settings; set once
 * @profile_path: (nullable): the folder of its profile; none when everything is in memory
 */
void
kith_notifications_page_set_node (KithNotificationsPage *self, KithNode *node, const char *profile_path)
{
  g_return_if_fail (KITH_IS_NOTIFICATIONS_PAGE (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  self->profile_path = g_strdup (profile_path);
  update (self);
}
