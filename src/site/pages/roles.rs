//! The roles, and the types of each.

use askama::Template;

use super::super::glyphs::{self, RoleFacts};
use super::super::layout::{Layout, Section};
use super::super::lookup::TypeRef;
use super::super::{Error, Output, Site, markdown, paths};
use super::{frame, put, stream};

#[derive(Template)]
#[template(path = "pages/roles.html")]
struct RolesPage {
    layout: Layout,
    roles: Vec<(RoleFacts, usize)>,
}

#[derive(Template)]
#[template(path = "pages/role.html")]
struct RolePage<'a> {
    layout: Layout,
    role: RoleFacts,
    types: Vec<TypeRef<'a>>,
}

pub(super) fn write(site: &Site<'_>, out: &Output<'_>) -> Result<(), Error> {
    let path = "roles/index.html";
    let layout = frame(
        site,
        path,
        Section::Roles,
        "Roles",
        "What artifacts are for: the vocabulary by which types are grouped.",
    );
    let roles = glyphs::ALL.into_iter().map(|role| (role, site.lookup.with_role(role.role).len())).collect();
    put(out, path, &RolesPage { layout, roles })?;
    for role in glyphs::ALL {
        let path = paths::role_page(role.name);
        let layout = frame(site, &path, Section::Roles, role.title, role.about).with_card_of(Some(&role));
        let mut types: Vec<TypeRef<'_>> =
            site.lookup.with_role(role.role).iter().filter_map(|id| site.lookup.type_ref(id).cloned()).collect();
        types.sort_by_cached_key(|entry| (entry.title.to_lowercase(), entry.id));
        stream(out, &path, &RolePage { layout, role, types })?;
    }
    Ok(())
}
