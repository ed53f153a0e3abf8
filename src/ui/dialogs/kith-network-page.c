/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-network-page.h"

#include <string.h>

#include <glib/gi18n.h>

#include "node/kith-node-network.h"
#include "ui/dialogs/kith-bootstrap-row.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-network-words.h"
#include "ui/kith-typed.h"

#define TOR_PROXY "socks5://127.0.0.1:9050"

/* In the order of the choices in the template. */
enum
{
  PROXY_NONE,
  PROXY_TOR,
  PROXY_CUSTOM,
};

struct _KithNetworkPage
{
  AdwPreferencesPage parent_instance;

  AdwActionRow *dht_row;
  GtkSwitch *dht_switch;
  KithBootstrapRow *bootstrap_row;
  AdwActionRow *lan_row;
  GtkSwitch *lan_switch;
  GtkWidget *present_row;
  GtkSwitch *present_switch;
  AdwActionRow *router_row;
  GtkSwitch *router_switch;
  AdwComboRow *proxy_row;
  AdwEntryRow *uri_row;
  GtkLabel *uri_label;

  KithNode *node;    /* (owned) (nullable) */
  gboolean updating; /* the rows are being set by us */
};

enum
{
  SIGNAL_SAID,
  SIGNAL_CHECK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithNetworkPage, kith_network_page, ADW_TYPE_PREFERENCES_PAGE)

/* --- What is in force ----------------------------------------------------------------------- */

static void
show_state (KithNetworkPage *self)
{
  KithNetwork *network = kith_node_get_network (self->node);
  g_autofree char *dht = kith_network_words_dup_dht (network);
  g_autofree char *lan = kith_network_words_dup_lan (network);
  g_autofree char *router = kith_network_words_dup_router (network);
  gboolean is_idle = kith_network_get_router (network) == KITH_ROUTER_STATUS_OFF
                     && kith_node_get_network_config (self->node)->port_map;

  adw_action_row_set_subtitle (self->dht_row, dht);
  adw_action_row_set_subtitle (self->lan_row, lan);
  adw_action_row_set_subtitle (
      self->router_row, is_idle ? _("Not asked: Kith listens on this computer only, or not at all")
                                : router);
}

static guint
get_proxy_choice (const char *proxy)
{
  if (proxy == NULL)
    return PROXY_NONE;

  return g_str_equal (proxy, TOR_PROXY) ? PROXY_TOR : PROXY_CUSTOM;
}

static void
complain (KithNetworkPage *self, const char *words)
{
  gtk_label_set_text (self->uri_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->uri_label), words != NULL);
  kith_entry_state_complain (GTK_WIDGET (self->uri_row), words, GTK_WIDGET (self->uri_label));
}

static void
show_proxy (KithNetworkPage *self, const char *proxy)
{
  guint choice = get_proxy_choice (proxy);

  adw_combo_row_set_selected (self->proxy_row, choice);
  gtk_widget_set_visible (GTK_WIDGET (self->uri_row), choice == PROXY_CUSTOM);
  if (choice == PROXY_CUSTOM)
    gtk_editable_set_text (GTK_EDITABLE (self->uri_row), proxy);
  kith_typed_done (GTK_WIDGET (self->uri_row));
  complain (self, NULL);
}

/* Not with all the rest: another one that is being typed stays. */
static void
update_proxy (KithNetworkPage *self)
{
  self->updating = TRUE;
  show_proxy (self, kith_node_get_network_config (self->node)->proxy);
  self->updating = FALSE;
}

static void
update (KithNetworkPage *self)
{
  const KithNetworkConfig *config = kith_node_get_network_config (self->node);
  gboolean direct = config->proxy == NULL;

  self->updating = TRUE;
  gtk_switch_set_active (self->dht_switch, config->dht);
  gtk_switch_set_active (self->lan_switch, config->lan);
  gtk_switch_set_active (self->present_switch, config->lan_present);
  gtk_switch_set_active (self->router_switch, config->port_map);
  kith_bootstrap_row_set_hosts (self->bootstrap_row, (const char *const *) config->bootstrap);

  gtk_widget_set_sensitive (GTK_WIDGET (self->dht_row), direct);
  gtk_widget_set_sensitive (GTK_WIDGET (self->bootstrap_row), direct && config->dht);
  gtk_widget_set_sensitive (GTK_WIDGET (self->lan_row), direct);
  gtk_widget_set_sensitive (self->present_row, direct && config->lan);
  gtk_widget_set_sensitive (GTK_WIDGET (self->router_row), direct);
  self->updating = FALSE;

  show_state (self);
}

/* --- What the user wants -------------------------------------------------------------------- */

/* What cannot be put in force is not shown as if it were. */
static void
apply (KithNetworkPage *self, const KithNetworkConfig *config)
{
  g_autoptr (GError) error = NULL;

  if (!kith_node_set_network_config (self->node, config, &error))
    g_signal_emit (self, signals[SIGNAL_SAID], 0, error->message);

  update (self);
}

static void
switched_cb (KithNetworkPage *self)
{
  g_autoptr (KithNetworkConfig) config = NULL;

  if (self->node == NULL || self->updating)
    return;

  config = kith_network_config_copy (kith_node_get_network_config (self->node));
  config->dht = gtk_switch_get_active (self->dht_switch);
  config->lan = gtk_switch_get_active (self->lan_switch);
  config->lan_present = gtk_switch_get_active (self->present_switch);
  config->port_map = gtk_switch_get_active (self->router_switch);
  apply (self, config);
}

static void
hosts_changed_cb (KithNetworkPage *self, char **hosts)
{
  g_autoptr (KithNetworkConfig) config
      = kith_network_config_copy (kith_node_get_network_config (self->node));

  g_strfreev (config->bootstrap);
  config->bootstrap = g_strdupv (hosts);
  apply (self, config);
}

static void
set_proxy (KithNetworkPage *self, const char *proxy)
{
  g_autoptr (KithNetworkConfig) config
      = kith_network_config_copy (kith_node_get_network_config (self->node));

  g_free (config->proxy);
  config->proxy = g_strdup (proxy);
  apply (self, config);
  update_proxy (self);
}

static void
proxy_chosen_cb (KithNetworkPage *self)
{
  guint choice = adw_combo_row_get_selected (self->proxy_row);

  if (self->node == NULL || self->updating)
    return;

  if (choice != PROXY_CUSTOM)
    {
      set_proxy (self, choice == PROXY_TOR ? TOR_PROXY : NULL);
      return;
    }

  /* In force once there is an address. */
  gtk_widget_set_visible (GTK_WIDGET (self->uri_row), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->uri_row));
}

/* In front of an @, which may not be typed yet, there may be a password: it is no number of a port, nor IPv6. */
static gboolean
may_have_password (const char *text)
{
  const char *authority = strstr (text, "://");
  const char *colon = strchr (authority != NULL ? authority + 3 : text, ':');

  if (strchr (text, '@') != NULL)
    return TRUE;

  return colon != NULL && strchr (text, '[') == NULL && colon[1 + strspn (colon + 1, "0123456789")] != '\0';
}

static void
uri_edited_cb (KithNetworkPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->uri_row));

  kith_typed_set_secret (GTK_WIDGET (self->uri_row), may_have_password (text));
  complain (self, NULL);
}

static void
uri_applied_cb (KithNetworkPage *self)
{
  g_autofree char *uri = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->uri_row))));
  g_autofree char *complaint = kith_network_check_proxy (uri);

  if (complaint == NULL)
    {
      set_proxy (self, uri);
      return;
    }

  complain (self, complaint);
  kith_entry_state_say (GTK_WIDGET (self));
}

static void
check_cb (KithNetworkPage *self)
{
  g_signal_emit (self, signals[SIGNAL_CHECK], 0);
}

/* --- What was typed and is not in force ---------------------------------------------------- */

static void
watch_typed (KithNetworkPage *self)
{
  g_autofree char *before = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->uri_row)));

  kith_bootstrap_row_watch (self->bootstrap_row, self->node);
  kith_typed_watch (GTK_WIDGET (self->uri_row), self->node, "proxy");
  kith_typed_put_back (GTK_WIDGET (self->uri_row));
  if (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->uri_row)), before))
    return;

  self->updating = TRUE;
  adw_combo_row_set_selected (self->proxy_row, PROXY_CUSTOM);
  gtk_widget_set_visible (GTK_WIDGET (self->uri_row), TRUE);
  self->updating = FALSE;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_network_page_dispose (GObject *object)
{
  KithNetworkPage *self = KITH_NETWORK_PAGE (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_NETWORK_PAGE);

  G_OBJECT_CLASS (kith_network_page_parent_class)->dispose (object);
}

static void
kith_network_page_class_init (KithNetworkPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_network_page_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_NETWORK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CHECK] = g_signal_new ("check", KITH_TYPE_NETWORK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KITH_TYPE_BOOTSTRAP_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-network-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, dht_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, dht_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, bootstrap_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, lan_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, lan_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, present_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, present_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, router_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, router_switch);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, proxy_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, uri_row);
  gtk_widget_class_bind_template_child (widget_class, KithNetworkPage, uri_label);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, hosts_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, proxy_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, uri_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, uri_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
}

static void
kith_network_page_init (KithNetworkPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_network_page_set_node:
 * @self: a page
 * @node: whose network; set once
 */
void
kith_network_page_set_node (KithNetworkPage *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_NETWORK_PAGE (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  g_signal_connect_object (kith_node_get_network (node), "notify", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  update (self);
  update_proxy (self);
  watch_typed (self);
}
