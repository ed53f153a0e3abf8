/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-bootstrap-row.h"

#include <glib/gi18n.h>

#include "node/kith-node-network.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-typed.h"

struct _KithBootstrapRow
{
  AdwExpanderRow parent_instance;

  AdwEntryRow *add_row;
  AdwActionRow *complaint_row;
  AdwActionRow *reset_row;

  char **hosts;    /* (owned) */
  GPtrArray *rows; /* (owned) one for each host */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithBootstrapRow, kith_bootstrap_row, ADW_TYPE_EXPANDER_ROW)

static void
change (KithBootstrapRow *self, GStrvBuilder *builder)
{
  g_auto (GStrv) hosts = g_strv_builder_end (builder);

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, hosts);
}

static void
remove_cb (GtkWidget *button, KithBootstrapRow *self)
{
  const char *host = g_object_get_data (G_OBJECT (button), "host");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; self->hosts[i] != NULL; i++)
    if (!g_str_equal (self->hosts[i], host))
      g_strv_builder_add (builder, self->hosts[i]);

  change (self, builder);
}

static void
complain (KithBootstrapRow *self, const char *words)
{
  gtk_widget_set_visible (GTK_WIDGET (self->complaint_row), words != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->complaint_row),
                                 words != NULL ? words : "");
  kith_entry_state_complain (GTK_WIDGET (self->add_row), words, GTK_WIDGET (self->complaint_row));
}

static void
edited_cb (KithBootstrapRow *self)
{
  complain (self, NULL);
}

static void
add_cb (KithBootstrapRow *self)
{
  g_autofree char *host = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->add_row))));
  g_autofree char *complaint = kith_network_check_bootstrap (host);
  g_autoptr (GStrvBuilder) builder = NULL;

  if (complaint == NULL && g_strv_contains ((const char *const *) self->hosts, host))
    complaint = g_strdup (_("It is in the list already."));
  if (complaint != NULL)
    {
      complain (self, complaint);
      kith_entry_state_say (GTK_WIDGET (self));
      return;
    }

  builder = g_strv_builder_new ();
  g_strv_builder_addv (builder, (const char **) self->hosts);
  g_strv_builder_add (builder, host);
  gtk_editable_set_text (GTK_EDITABLE (self->add_row), "");
  change (self, builder);
}

static void
reset_cb (KithBootstrapRow *self)
{
  g_autoptr (KithNetworkConfig) usual = kith_network_config_new ();

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, usual->bootstrap);
}

static GtkWidget *
make_row (KithBootstrapRow *self, const char *host)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  /* Translators: a host such as bootstrap.jami.net:4222 */
  g_autofree char *label = g_strdup_printf (_("Remove %s"), host);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), host);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "host", g_strdup (host), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
kith_bootstrap_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_BOOTSTRAP_ROW);

  G_OBJECT_CLASS (kith_bootstrap_row_parent_class)->dispose (object);
}

static void
kith_bootstrap_row_finalize (GObject *object)
{
  KithBootstrapRow *self = KITH_BOOTSTRAP_ROW (object);

  g_strfreev (self->hosts);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (kith_bootstrap_row_parent_class)->finalize (object);
}

static void
kith_bootstrap_row_class_init (KithBootstrapRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_bootstrap_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_bootstrap_row_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KITH_TYPE_BOOTSTRAP_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-bootstrap-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KithBootstrapRow, add_row);
  gtk_widget_class_bind_template_child (widget_class, KithBootstrapRow, complaint_row);
  gtk_widget_class_bind_template_child (widget_class, KithBootstrapRow, reset_row);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
kith_bootstrap_row_init (KithBootstrapRow *self)
{
  self->hosts = g_new0 (char *, 1);
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_bootstrap_row_watch:
 * @self: a row in a dialog
 * @node: whose
 *
 * Keeps a host that is not added yet when the dialog has to go, and puts one back that was kept.
 */
void
kith_bootstrap_row_watch (KithBootstrapRow *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_BOOTSTRAP_ROW (self));

  kith_typed_watch (GTK_WIDGET (self->add_row), node, "bootstrap-host");
  kith_typed_put_back (GTK_WIDGET (self->add_row));
  if (*gtk_editable_get_text (GTK_EDITABLE (self->add_row)) != '\0')
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
}

/* An expander row only appends: those that stay below the hosts are taken out meanwhile. */
static void
keep_below (KithBootstrapRow *self, GtkWidget *row)
{
  g_object_ref (row);
  adw_expander_row_remove (ADW_EXPANDER_ROW (self), row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_object_unref (row);
}

/**
 * kith_bootstrap_row_set_hosts:
 * @self: a row
 * @hosts: (array zero-terminated=1): what is in force
 */
void
kith_bootstrap_row_set_hosts (KithBootstrapRow *self, const char *const *hosts)
{
  g_autofree char *all = g_strjoinv (", ", (char **) hosts);
  g_autoptr (KithNetworkConfig) usual = kith_network_config_new ();

  g_return_if_fail (KITH_IS_BOOTSTRAP_ROW (self));

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self),
                                 *all != '\0' ? all : _("None: the directory cannot be entered"));
  gtk_widget_set_visible (GTK_WIDGET (self->reset_row),
                          !g_strv_equal (hosts, (const char *const *) usual->bootstrap));
  if (g_strv_equal (hosts, (const char *const *) self->hosts))
    return;

  g_strfreev (self->hosts);
  self->hosts = g_strdupv ((char **) hosts);
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);

  for (guint i = 0; hosts[i] != NULL; i++)
    {
      GtkWidget *row = make_row (self, hosts[i]);

      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      g_ptr_array_add (self->rows, row);
    }
  keep_below (self, GTK_WIDGET (self->add_row));
  keep_below (self, GTK_WIDGET (self->complaint_row));
  keep_below (self, GTK_WIDGET (self->reset_row));
}
