/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-privacy-page.h"

#include "node/kith-node-presence.h"
#include "ui/dialogs/kith-reach-group.h"

struct _KithPrivacyPage
{
  AdwPreferencesPage parent_instance;

  KithReachGroup *reach_group;
  GtkSwitch *hidden_switch;
  GtkSwitch *receipts_switch;
  GtkSwitch *typing_switch;

  KithNode *node; /* (owned) (nullable) */
};

enum
{
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithPrivacyPage, kith_privacy_page, ADW_TYPE_PREFERENCES_PAGE)

static void
switched_cb (KithPrivacyPage *self)
{
  if (self->node == NULL)
    return;

  kith_node_set_hidden (self->node, gtk_switch_get_active (self->hidden_switch));
  kith_node_set_read_receipts (self->node, gtk_switch_get_active (self->receipts_switch));
  kith_node_set_tells_typing (self->node, gtk_switch_get_active (self->typing_switch));
}

static void
said_cb (KithPrivacyPage *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

static void
kith_privacy_page_dispose (GObject *object)
{
  KithPrivacyPage *self = KITH_PRIVACY_PAGE (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_PRIVACY_PAGE);

  G_OBJECT_CLASS (kith_privacy_page_parent_class)->dispose (object);
}

static void
kith_privacy_page_class_init (KithPrivacyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_privacy_page_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_PRIVACY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_REACH_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-privacy-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, reach_group);
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, hidden_switch);
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, receipts_switch);
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, typing_switch);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);
}

static void
kith_privacy_page_init (KithPrivacyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_privacy_page_set_node:
 * @self: a page
 * @node: whose settings; it has a profile
 */
void
kith_privacy_page_set_node (KithPrivacyPage *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_PRIVACY_PAGE (self));

  gtk_switch_set_active (self->hidden_switch,
                         kith_profile_get_hidden (kith_node_get_profile (node)));
  gtk_switch_set_active (self->receipts_switch, kith_node_get_read_receipts (node));
  gtk_switch_set_active (self->typing_switch, kith_node_get_tells_typing (node));

  kith_reach_group_set_node (self->reach_group, node);

  /* What is set from here on is the user's wish. */
  g_set_object (&self->node, node);
}
