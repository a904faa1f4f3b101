import { useState } from 'react';
import { emptyFilter, titledFilters, valueFilter, type ResourceFilter } from '../../model/resource-filter.ts';
import { FilterChips, Pick } from '../../parts/filter-chips/filter-chips.tsx';
import { TextFilter } from '../../parts/filter-chips/text-filter.tsx';
import type { EntityType } from '../../server/types.ts';

interface ListFiltersProps {
  about: EntityType | undefined;
  filter: ResourceFilter;
  sort: string | undefined;
  /** What is undefined is taken off. */
  onSet: (part: Record<string, string | string[] | undefined>) => void;
  onClear: () => void;
}

/** Which resources the list has, and in what order. All of it stands in the address. */
export function ListFilters({ about, filter, sort, onSet, onClear }: ListFiltersProps) {
  const [property, setProperty] = useState<string>();
  const { shown, nameOf } = titledFilters(filter);
  const names = (about?.properties ?? []).flatMap(({ name, retired }) => (retired ? [] : [name]));
  const q = typeof filter['q'] === 'string' ? filter['q'] : undefined;
  const managed = typeof filter['managed'] === 'string' ? filter['managed'] : undefined;
  /** A further value of the same property is one more that fits. */
  const add = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    const before = [filter[name] ?? []].flat();
    const values = [...new Set([...before, value])];
    onSet({ [name]: values.length > 1 ? values : value });
    setProperty(undefined);
  };
  return (
    <FilterChips
      filters={shown}
      onRemove={(title, value) => {
        const name = nameOf(title);
        const left = [filter[name] ?? []].flat().filter((each) => each !== value);
        onSet({ [name]: left.length > 1 ? left : left[0] });
      }}
      clear={onClear}
    >
      <TextFilter
        key={q}
        label="Search"
        value={q}
        onSet={(text) => {
          onSet({ q: text });
        }}
      />
      <Pick
        label="Filter by"
        none="choose a property"
        value={property}
        options={names.map(same)}
        onPick={setProperty}
      />
      {property !== undefined && (
        <>
          <TextFilter
            key={property}
            label={`${property} is`}
            value={undefined}
            onSet={(value) => {
              add(valueFilter(property), value);
            }}
          />
          <Pick
            label="Or"
            none="choose"
            value={undefined}
            options={[
              { value: 'true', label: 'is empty' },
              { value: 'false', label: 'is not empty' },
            ]}
            onPick={(empty) => {
              onSet({ [emptyFilter(property)]: empty });
              setProperty(undefined);
            }}
          />
        </>
      )}
      {about?.managedBy != null && (
        <Pick
          label="Managed"
          value={managed}
          options={[
            { value: 'true', label: 'yes' },
            { value: 'false', label: 'no' },
          ]}
          onPick={(wanted) => {
            onSet({ managed: wanted });
          }}
        />
      )}
      <Pick
        label="Sort by"
        none="key"
        value={sort}
        options={names.flatMap((name) => [
          { value: name, label: `${name}, up` },
          { value: `-${name}`, label: `${name}, down` },
        ])}
        onPick={(wanted) => {
          onSet({ sort: wanted });
        }}
      />
    </FilterChips>
  );
}

const same = (name: string) => ({ value: name, label: name });
