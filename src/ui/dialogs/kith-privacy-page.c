/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-privacy-page.h"

#include "node/kith-node-presence.h"

struct _KithPrivacyPage
{
  AdwPreferencesPage parent_instance;

  GtkSwitch *hidden_switch;
  GtkSwitch *receipts_switch;
  GtkSwitch *typing_switch;

  KithNode *node; /* (owned) (nullable) */
};

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

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-privacy-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, hidden_switch);
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, receipts_switch);
  gtk_widget_class_bind_template_child (widget_class, KithPrivacyPage, typing_switch);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
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

  gtk_switch_set_active (self->hidden_switch, kith_profile_get_hidden (kith_node_get_profile (node)));
  gtk_switch_set_active (self->receipts_switch, kith_node_get_read_receipts (node));
  gtk_switch_set_active (self->typing_switch, kith_node_get_tells_typing (node));

  /* What is set from here on is the user's wish. */
  g_set_object (&self->node, node);
}
