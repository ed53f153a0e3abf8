/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Stands in for the system's resolver: first it fails, then every name that ends in ".test" is on
 * loopback. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

TestResolver *test_resolver_install       (void);
void          test_resolver_uninstall     (TestResolver *self);
void          test_resolver_set_works     (TestResolver *self,
                                           gboolean      works);
guint         test_resolver_get_n_lookups (TestResolver *self);

G_END_DECLS
