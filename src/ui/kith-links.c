/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-links.h"

#include <string.h>

#include <glib/gi18n.h>

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

  /* GLib takes "http://a;b" apart, but not what it makes of it. */
  if (*g_uri_get_path (uri) != '\0' && *g_uri_get_path (uri) != '/')
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

/**
 * kith_links_dup_question:
 * @uri: where a link leads, from kith_links_find()
 *
 * Returns: (transfer full): what to know before it is opened: the host, whether its name may look like
 *   another one, and all of @uri
 */
char *
kith_links_dup_question (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *host = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  g_autofree char *seen = host != NULL ? g_hostname_to_unicode (host) : NULL;
  GString *words = g_string_new (NULL);

  if (host == NULL)
    {
      g_string_append (words, uri);
      return g_string_free (words, FALSE);
    }

  /* Translators: the name of a web site */
  g_string_append_printf (words, _("Your browser opens a page of %s, which learns your IP address."),
                          host);

  if (seen != NULL && !g_str_equal (seen, host))
    {
      g_string_append (words, "\n\n");
      /* Translators: the name of a web site as it is seen in the message, "bücher.example" */
      g_string_append_printf (words, _("In the message its name is “%s”. It has letters in it that may "
                                       "look like others: be sure that you know this site."), seen);
    }

  g_string_append_printf (words, "\n\n%s", uri);

  return g_string_free (words, FALSE);
}
