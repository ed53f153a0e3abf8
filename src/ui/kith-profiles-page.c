/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-profiles-page.h"

#include "ui/kith-keys.h"
#include "ui/kith-profile-list.h"

struct _KithProfilesPage
{
  AdwBin parent_instance;

  GtkWidget *back_button;
  KithProfileList *list;
};

enum
{
  SIGNAL_BACK,
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithProfilesPage, kith_profiles_page, ADW_TYPE_BIN)

static void
chosen_cb (KithProfilesPage *self, const char *path, gboolean restore)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, path, restore);
}

static void
back_cb (KithProfilesPage *self)
{
  g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static gboolean
back_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KithProfilesPage *self = KITH_PROFILES_PAGE (widget);

  if (!kith_keys_is_back (widget, arguments) || !gtk_widget_get_visible (self->back_button))
    return GDK_EVENT_PROPAGATE;

  back_cb (self);

  return GDK_EVENT_STOP;
}

static void
kith_profiles_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_PROFILES_PAGE);

  G_OBJECT_CLASS (kith_profiles_page_parent_class)->dispose (object);
}

static void
kith_profiles_page_class_init (KithProfilesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_profiles_page_dispose;

  signals[SIGNAL_BACK] = g_signal_new ("back", KITH_TYPE_PROFILES_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", KITH_TYPE_PROFILES_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  g_type_ensure (KITH_TYPE_PROFILE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-profiles-page.ui");
  kith_keys_bind_back (widget_class, back_key_cb);
  gtk_widget_class_bind_template_child (widget_class, KithProfilesPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, KithProfilesPage, list);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
kith_profiles_page_init (KithProfilesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_profiles_page_refresh:
 * @self: a page
 * @current: (nullable): the profile that one comes from, and can go back to
 *
 * Looks again which profiles there are.
 */
void
kith_profiles_page_refresh (KithProfilesPage *self, const char *current)
{
  g_return_if_fail (KITH_IS_PROFILES_PAGE (self));

  kith_profile_list_refresh (self->list, NULL, current);
  gtk_widget_set_visible (self->back_button, current != NULL);
}

/**
 * kith_profiles_page_focus:
 * @self: a page that is shown
 *
 * Puts the focus on the first profile.
 */
void
kith_profiles_page_focus (KithProfilesPage *self)
{
  g_return_if_fail (KITH_IS_PROFILES_PAGE (self));

  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}
