//! No entry is its own parent, successor or base.

use super::references::{Relation, references};
use super::{CatalogView, Pending, PendingPlace};
use crate::finding::declare_rule;
use crate::source::Pointer;

declare_rule! {
    /// Entries name each other in a circle.
    ///
    /// ## Why
    /// Whoever follows `isA`, `replacedBy` or `identify.refines` must come to an end: at the most general type, at the
    /// type that is in use, at the base.
    ///
    /// ## Reported
    /// ```yaml reported
    /// isA: sample
    /// ```
    ///
    /// ## Accepted
    /// ```yaml accepted
    /// attachesTo:
    ///   by: [subject]
    ///   targets: [sample]
    /// ```
    ///
    /// ## How to fix
    /// Remove the reference that points back.
    pub static RULE = { id: "reference-cycle", level: Error, since: "0.1.0", subject: Catalog }
}

pub(super) fn check(view: &CatalogView<'_>, pending: &mut Vec<Pending>) {
    for relation in [Relation::IsA, Relation::ReplacedBy, Relation::Refines] {
        let mut edges: Vec<Vec<(usize, Pointer)>> = Vec::with_capacity(view.entries.len());
        for entry in view.entries {
            let named = references(entry).into_iter().filter(|(other, _, _)| *other == relation);
            edges.push(named.filter_map(|(_, place, id)| Some((view.position(id)?, place))).collect());
        }
        let targets: Vec<Vec<usize>> = edges.iter().map(|edges| edges.iter().map(|(to, _)| *to).collect()).collect();
        for cycle in cycles(&targets) {
            let place = |at: usize, to: usize| {
                let edge = edges.get(at).and_then(|edges| edges.iter().find(|(other, _)| *other == to));
                PendingPlace::value(at, edge.map_or_else(Pointer::root, |(_, place)| place.clone()))
            };
            let steps: Vec<(usize, usize)> = cycle.iter().copied().zip(cycle.iter().copied().cycle().skip(1)).collect();
            let name = |at: usize| view.entries.get(at).map_or("", |entry| entry.id.as_str());
            let path: Vec<String> = cycle.iter().chain(cycle.first()).map(|at| format!("`{}`", name(*at))).collect();
            let Some((from, to)) = steps.first().copied() else { continue };
            let message = match steps.len() {
                1 => format!("`{}` names the entry itself", relation.key()),
                _ => format!("`{}` goes round in a circle: {}", relation.key(), path.join(", ")),
            };
            let mut one = Pending::new(&RULE, place(from, to), message).help("remove the reference that points back");
            for (from, to) in steps.into_iter().skip(1) {
                one = one.related(place(from, to), "and on from here");
            }
            pending.push(one);
        }
    }
}

/// A circle of each group of nodes that reach each other, from the smallest node on.
fn cycles(targets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // What leads to no circle is taken away from its ends, until only circles and ways between them are left.
    let mut sources = vec![Vec::new(); targets.len()];
    let mut open: Vec<usize> = targets.iter().map(Vec::len).collect();
    for (from, to) in targets.iter().enumerate().flat_map(|(from, all)| all.iter().map(move |to| (from, *to))) {
        if let Some(sources) = sources.get_mut(to) {
            sources.push(from);
        }
    }
    let mut ends: Vec<usize> = open.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    while let Some(end) = ends.pop() {
        for from in sources.get(end).into_iter().flatten() {
            if let Some(count) = open.get_mut(*from) {
                *count -= 1;
                if *count == 0 {
                    ends.push(*from);
                }
            }
        }
    }
    let mut seen = vec![false; targets.len()];
    let mut cycles = Vec::new();
    for start in 0..targets.len() {
        // From every node that is left some way leads into a circle.
        let mut path: Vec<usize> = Vec::new();
        let mut at = start;
        while open.get(at).is_some_and(|count| *count > 0) && !seen.get(at).copied().unwrap_or(true) {
            if let Some(mark) = seen.get_mut(at) {
                *mark = true;
            }
            path.push(at);
            let next = targets.get(at).into_iter().flatten().find(|to| open.get(**to).is_some_and(|count| *count > 0));
            let Some(next) = next else { break };
            if let Some(from) = path.iter().position(|before| before == next) {
                let mut cycle = path.split_off(from);
                let smallest = cycle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(index, _)| index);
                cycle.rotate_left(smallest);
                cycles.push(cycle);
                break;
            }
            at = *next;
        }
    }
    cycles
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn circles_are_found_once_and_from_the_smallest() {
        assert!(cycles(&[vec![1], vec![2], vec![]]).is_empty());
        assert_eq!(cycles(&[vec![0]]), [[0]]);
        assert_eq!(cycles(&[vec![2], vec![0], vec![3], vec![2]]), [[2, 3]]);
        assert_eq!(cycles(&[vec![1], vec![2], vec![0], vec![4], vec![3]]), [vec![0, 1, 2], vec![3, 4]]);
        assert_eq!(cycles(&[vec![3, 1], vec![0], vec![], vec![]]), [[0, 1]]);
    }
}
