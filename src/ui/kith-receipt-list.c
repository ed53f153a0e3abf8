/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-receipt-list.h"

#include <glib/gi18n.h>

#include "ui/kith-decoration.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-person-row.h"
#include "ui/kith-state.h"

/* The node says when all have it; each of those before is looked for. */
#define REFRESH_S 2
/* So many rows at first, and so many more each time the user wants more. */
#define FEW 20
#define MORE 50

struct _KithReceiptList
{
  AdwBin parent_instance;

  GtkLabel *summary_label;
  GtkListBox *list_box;
  GtkLabel *note_label;
  GtkWidget *more_button;

  KithNode *node;       /* (owned) (nullable) */
  KithGroup *group;     /* (owned) (nullable) */
  KithMessage *message; /* (owned) (nullable) */
  char *shown;          /* (owned) (nullable): what the rows say, to see whether that has changed */
  guint n_rows;         /* at most so many */
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (KithReceiptList, kith_receipt_list, ADW_TYPE_BIN)

static KithMessageState
get_state (const KithMemberReceipt *receipt)
{
  return receipt->read        ? KITH_MESSAGE_READ
         : receipt->delivered ? KITH_MESSAGE_DELIVERED
                              : KITH_MESSAGE_QUEUED;
}

/* Otherwise in the order of the members. */
static int
compare_cb (gconstpointer a, gconstpointer b)
{
  KithMessageState state_a = get_state (*(KithMemberReceipt *const *) a);
  KithMessageState state_b = get_state (*(KithMemberReceipt *const *) b);

  return (int) state_b - (int) state_a;
}

/* (transfer full) (element-type KithMemberReceipt): those whom it concerns, who has read it first */
static GPtrArray *
find_receipts (KithReceiptList *self, gboolean *at_least)
{
  GPtrArray *receipts
      = kith_node_dup_group_receipts (self->node, self->group, self->message, at_least);

  g_ptr_array_sort (receipts, compare_cb);
  return receipts;
}

/* --- Words ---------------------------------------------------------------------------------- */

/* (transfer full): "Delivered to 3 of 5, read by 2" */
static char *
dup_summary (GPtrArray *receipts)
{
  guint delivered = 0, read = 0;

  for (guint i = 0; i < receipts->len; i++)
    {
      KithMessageState state = get_state (g_ptr_array_index (receipts, i));

      delivered += state != KITH_MESSAGE_QUEUED;
      read += state == KITH_MESSAGE_READ;
    }

  if (receipts->len == 0)
    return g_strdup ("");
  if (read == 0)
    /* Translators: to how many members, of how many */
    return g_strdup_printf (_("Delivered to %u of %u"), delivered, receipts->len);

  /* Translators: to how many members, of how many; how many of them have read it */
  return g_strdup_printf (_("Delivered to %u of %u, read by %u"), delivered, receipts->len, read);
}

static const char *
get_words (KithMessageState state)
{
  return state == KITH_MESSAGE_QUEUED ? _("Has not got it yet, as far as is known here")
                                      : kith_state_get_words (state);
}

static const char *
get_note (GPtrArray *receipts, gboolean at_least)
{
  if (!at_least)
    return "";
  if (receipts->len == 0)
    return _("Who has an old message is not kept forever.");

  return _("Others may have it as well: in a big group not everything that members report reaches "
           "everybody.");
}

/* --- Rows ----------------------------------------------------------------------------------- */

static GtkWidget *
create_row (const KithMemberReceipt *receipt)
{
  KithMessageState state = get_state (receipt);
  KithPersonRow *row = KITH_PERSON_ROW (kith_person_row_new ());
  GtkWidget *icon = kith_decoration_new (kith_state_icon_name (state));
  GtkWidget *wrapped;

  kith_person_row_set_member (row, receipt->member, get_words (state));
  gtk_widget_add_css_class (icon, state == KITH_MESSAGE_READ ? "accent" : "dim-label");
  kith_person_row_add_suffix (row, icon);

  wrapped = kith_person_row_wrap (row);
  kith_list_focus_set_name (wrapped, kith_member_get_id (receipt->member));
  return wrapped;
}

/* (transfer full): all that the rows depend on */
static char *
dup_key (KithReceiptList *self, GPtrArray *receipts)
{
  GString *key = g_string_new (NULL);

  g_string_append_printf (key, "%u", self->n_rows);
  for (guint i = 0; i < receipts->len; i++)
    {
      const KithMemberReceipt *receipt = g_ptr_array_index (receipts, i);

      g_string_append_printf (key, " %s %u", kith_member_get_id (receipt->member), get_state (receipt));
    }

  return g_string_free (key, FALSE);
}

static void
fill (KithReceiptList *self, GPtrArray *receipts)
{
  guint n_rows = MIN (receipts->len, self->n_rows);
  guint n_more = MIN (receipts->len - n_rows, MORE);
  g_autofree char *words = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "Show %u More", "Show %u More", n_more), n_more);
  g_autofree char *focus = kith_list_focus_empty (self->list_box);

  for (guint i = 0; i < n_rows; i++)
    gtk_list_box_append (self->list_box, create_row (g_ptr_array_index (receipts, i)));
  gtk_button_set_label (GTK_BUTTON (self->more_button), words);
  gtk_widget_set_visible (self->more_button, n_more > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list_box), receipts->len > 0);
  kith_list_focus_return (self->list_box, focus);
}

static void
update (KithReceiptList *self)
{
  gboolean at_least = FALSE;
  g_autoptr (GPtrArray) receipts = find_receipts (self, &at_least);
  g_autofree char *key = dup_key (self, receipts);
  g_autofree char *summary = dup_summary (receipts);
  const char *note = get_note (receipts, at_least);

  gtk_label_set_text (self->summary_label, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary_label), *summary != '\0');
  gtk_label_set_text (self->note_label, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), *note != '\0');
  if (g_strcmp0 (self->shown, key) == 0)
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&key);
  fill (self, receipts);
}

static gboolean
refresh_cb (gpointer user_data)
{
  update (user_data);

  return G_SOURCE_CONTINUE;
}

static void
more_cb (KithReceiptList *self)
{
  self->n_rows += MORE;
  if (self->node != NULL)
    update (self);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_receipt_list_dispose (GObject *object)
{
  KithReceiptList *self = KITH_RECEIPT_LIST (object);

  kith_receipt_list_clear (self);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (kith_receipt_list_parent_class)->dispose (object);
}

static void
kith_receipt_list_class_init (KithReceiptListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_receipt_list_dispose;
}

static GtkLabel *
append_label (GtkBox *box, const char *css_class)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (label, 0);
  gtk_label_set_wrap (label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (label), css_class);
  gtk_box_append (box, GTK_WIDGET (label));

  return label;
}

static void
kith_receipt_list_init (KithReceiptList *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));

  self->n_rows = FEW;
  self->summary_label = append_label (box, "heading");
  self->list_box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list_box, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list_box), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Who has it"), -1);
  gtk_box_append (box, GTK_WIDGET (self->list_box));
  self->more_button = gtk_button_new ();
  gtk_widget_add_css_class (self->more_button, "flat");
  gtk_widget_set_halign (self->more_button, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->more_button, "clicked", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, self->more_button);
  self->note_label = append_label (box, "dim-label");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
}

/**
 * kith_receipt_list_set_message:
 * @self: a list without a message
 * @node: whose message it is
 * @group: where it was written
 * @message: one of our own
 */
void
kith_receipt_list_set_message (KithReceiptList *self, KithNode *node, KithGroup *group,
                               KithMessage *message)
{
  g_return_if_fail (KITH_IS_RECEIPT_LIST (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  self->group = g_object_ref (group);
  self->message = g_object_ref (message);
  g_signal_connect_object (message, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->refresh_id = g_timeout_add_seconds (REFRESH_S, refresh_cb, self);
  update (self);
}

void
kith_receipt_list_clear (KithReceiptList *self)
{
  g_return_if_fail (KITH_IS_RECEIPT_LIST (self));

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  g_clear_object (&self->group);
  g_clear_object (&self->node);
}
