/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window makes of texts before it shows them: links, simple formatting, members that are named,
 * excerpts, snippets, words to be looked up, notifications; and addresses as they are pasted. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "ui/kith-address-input.h"
#include "ui/kith-excerpt.h"
#include "ui/kith-format.h"
#include "ui/kith-links.h"
#include "ui/kith-markup.h"
#include "ui/kith-mentions.h"
#include "ui/kith-snippet.h"
#include "ui/kith-spelling-words.h"

static void
check_range (const char *text, gsize start, gsize end)
{
  kith_fuzz_check (start <= end && end <= strlen (text));
  kith_fuzz_check (g_utf8_validate (text, (gssize) start, NULL)
                   && g_utf8_validate (text + start, (gssize) (end - start), NULL));
}

static void
try_links (const char *text, GPtrArray *links)
{
  guint at = 0;

  for (guint i = 0; i < links->len; i++)
    {
      const KithLink *link = g_ptr_array_index (links, i);
      g_autofree char *question = kith_links_dup_question (link->uri);

      check_range (text, link->start, link->end);
      kith_fuzz_check (link->start >= at && g_str_is_ascii (link->uri));
      kith_fuzz_check (g_str_has_prefix (link->uri, "http://") || g_str_has_prefix (link->uri, "https://"));
      kith_fuzz_check (g_utf8_validate (question, -1, NULL));
      at = link->end;
    }
}

static void
try_markup (const char *text, GPtrArray *links)
{
  g_autoptr (GArray) spans = kith_markup_find (text, links);
  PangoAttrList *attributes = pango_attr_list_new ();
  g_autofree guint8 *marks = kith_markup_dup_marks (text);
  g_autofree char *plain = kith_markup_dup_plain (text);
  g_autofree char *line = kith_markup_dup_line (text);
  gsize n_marks = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, i);

      check_range (text, span->start, span->end);
      kith_fuzz_check (span->open_bytes + span->close_bytes <= span->end - span->start);
    }
  kith_markup_attributes (spans, attributes);
  pango_attr_list_unref (attributes);
  for (gsize i = 0; i < strlen (text); i++)
    n_marks += marks[i] != 0;
  kith_fuzz_check (g_utf8_validate (plain, -1, NULL) && strlen (plain) + n_marks == strlen (text));
  kith_fuzz_check (g_utf8_validate (line, -1, NULL) && strchr (line, '\n') == NULL);
}

/* Where the two bytes before the text say that something was found. */
static void
try_snippet (const char *text, const guint8 found[2])
{
  KithSearchRange range = { 0 };
  KithSearchRange plain_range;
  gsize len = strlen (text);
  g_autofree char *plain = NULL;

  range.start = (guint) (found[0] * len / 256);
  range.end = (guint) (range.start + found[1] * (len - range.start) / 256);
  while (range.start > 0 && (text[range.start] & 0xc0) == 0x80)
    range.start--;
  while (range.end < len && (text[range.end] & 0xc0) == 0x80)
    range.end++;

  plain = kith_snippet_dup_plain (text, text, &range, 1, &plain_range);
  check_range (plain, plain_range.start, plain_range.end);
}

static KithGroup *
make_group (void)
{
  static const char *const names[] = { "Ann", "Ann Lee", "J\xc3\xbcrgen", "\xe5\xae\x89", "a" };
  static const guint8 id[KITH_GROUP_ID_BYTES] = { 1 };
  KithGroup *group = kith_group_new (id);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint8 identity[KITH_IDENTITY_BYTES] = { (guint8) (i + 1) };
      g_autoptr (KithMember) member = kith_member_new (identity, names[i], NULL, NULL);

      kith_group_put_member (group, member, TRUE);
    }
  return group;
}

static void
try_mentions (const char *text)
{
  static KithGroup *group;
  g_autoptr (GArray) mentions = NULL;
  PangoAttrList *attributes = pango_attr_list_new ();

  if (group == NULL)
    group = make_group ();
  mentions = kith_mentions_find (group, text);
  for (guint i = 0; i < mentions->len; i++)
    {
      const KithMention *mention = &g_array_index (mentions, KithMention, i);

      check_range (text, mention->start, mention->end);
      kith_fuzz_check (text[mention->start] == '@' && mention->member != NULL);
    }
  kith_mentions_attributes (group, text, attributes);
  pango_attr_list_unref (attributes);
}

static void
try_words (const char *text)
{
  static const char *const languages[] = { NULL, "en_US", "el", "zh_CN" };
  g_autofree char *line = kith_format_one_line (text);
  g_autofree char *mnemonic = kith_format_mnemonic (text);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autoptr (GArray) words = kith_spelling_find_words (text, languages[i]);

      for (guint n = 0; n < words->len; n++)
        check_range (text, g_array_index (words, KithSpelledWord, n).start,
                     g_array_index (words, KithSpelledWord, n).end);
    }
  check_range (text, 0, kith_excerpt_find_end (text));
  kith_fuzz_check (g_utf8_validate (line, -1, NULL) && g_utf8_validate (mnemonic, -1, NULL));
}

static void
try_address (const char *text)
{
  g_autofree char *address = NULL;
  const char *complaint;
  guint16 port;

  for (KithAddressUse use = KITH_ADDRESS_CONNECT; use <= KITH_ADDRESS_LISTEN; use++)
    {
      g_autofree char *checked = kith_address_input_check_address (text, use, &complaint);

      if (checked != NULL)
        kith_address_input_describe (checked);
      kith_address_input_check_port (text, use, &port, &complaint);
    }
  if (kith_address_input_split (text, &address, &port))
    {
      g_autofree char *joined = kith_address_input_join (address, port);
      g_autofree char *again = NULL;
      guint16 port_again;

      kith_fuzz_check (kith_address_input_split (joined, &again, &port_again) && port == port_again
                       && g_str_equal (address, again));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) links = NULL;

  if (size < 2)
    return 0;

  text = g_strndup ((const char *) data + 2, size - 2);
  /* Whatever came was checked when it came. */
  if (!g_utf8_validate (text, -1, NULL))
    return 0;

  links = kith_links_find (text);
  try_links (text, links);
  try_markup (text, links);
  try_snippet (text, data);
  try_mentions (text);
  try_words (text);
  try_address (text);
  return 0;
}
