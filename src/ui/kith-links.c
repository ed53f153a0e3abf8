/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-links.h"

#include <string.h>

/* Finds http and https links in a message (protocol 12). Nothing else is ever made clickable, and
 * nothing is fetched. */

#define LINK_MAX_BYTES 2048
#define LINKS_MAX 50

/**
 * kith_link_free:
 * @link: (transfer full): a link
 */
void
kith_link_free (KithLink *link)
{
  g_free (link->uri);
  g_free (link);
}

static gboolean
ends_word (gunichar c)
{
  return c == 0 || g_unichar_isspace (c) || g_unichar_iscntrl (c) || strchr ("<>\"`{}|\\^", (int) (c < 128 ? c : 'a')) != NULL
         || g_unichar_type (c) == G_UNICODE_FORMAT;
}

/* Punctuation at the end belongs to the sentence, and so does a bracket that the link never
 * opened. */
static const char *
trim_end (const char *start, const char *end)
{
  while (end > start)
    {
      char last = end[-1];

      if (strchr (".,;:!?'*_~", last) != NULL)
        end--;
      else if ((last == ')' && memchr (start, '(', (size_t) (end - start)) == NULL)
               || (last == ']' && memchr (start, '[', (size_t) (end - start)) == NULL))
        end--;
      else
        break;
    }

  return end;
}

static char *
normalise (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autofree char *host = NULL;
  const char *scheme;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;

  /* "https://bank.example@evil.example" only serves to deceive. */
  if (g_uri_get_userinfo (uri) != NULL)
    return NULL;

  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    return NULL;

  host = g_hostname_to_ascii (g_uri_get_host (uri));
  if (host == NULL)
    return NULL;

  return g_uri_join (G_URI_FLAGS_ENCODED, scheme, NULL, host, g_uri_get_port (uri),
                     g_uri_get_path (uri), g_uri_get_query (uri), g_uri_get_fragment (uri));
}

static gboolean
starts_link (const char *p)
{
  return g_ascii_strncasecmp (p, "http://", 7) == 0 || g_ascii_strncasecmp (p, "https://", 8) == 0;
}

/**
 * kith_links_find:
 * @text: valid UTF-8
 *
 * Returns: (transfer full) (element-type KithLink): the links in @text, in order
 */
GPtrArray *
kith_links_find (const char *text)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_link_free);
  gunichar before = 0;
  const char *p = text;

  while (*p != '\0' && links->len < LINKS_MAX)
    {
      const char *end = p;
      g_autofree char *word = NULL;
      char *uri;

      if (g_unichar_isalnum (before) || !starts_link (p))
        {
          before = g_utf8_get_char (p);
          p = g_utf8_next_char (p);
          continue;
        }

      while (!ends_word (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      end = trim_end (p, end);

      word = g_strndup (p, (gsize) (end - p));
      uri = end - p <= LINK_MAX_BYTES ? normalise (word) : NULL;
      if (uri != NULL)
        {
          KithLink *link = g_new (KithLink, 1);

          *link = (KithLink){ (guint) (p - text), (guint) (end - text), uri };
          g_ptr_array_add (links, link);
        }

      before = 'x';
      p = MAX (end, p + 1);
    }

  return links;
}
