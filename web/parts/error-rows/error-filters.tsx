import { FilterChips, Pick } from '../filter-chips/filter-chips.tsx';

type Filter<Name extends string> = Partial<Record<Name, string>>;

interface ErrorFiltersProps<Name extends string> {
  filter: Filter<Name>;
  /** Filters that can be picked; the others come from links, and can only be taken off. */
  picks: readonly { name: Name; label: string; options: readonly string[] }[];
  onSet: (filter: Filter<Name>) => void;
}

/** The filters of a list of errors: those that are set, and fields for others. */
export function ErrorFilters<Name extends string>({ filter, picks, onSet }: ErrorFiltersProps<Name>) {
  const set = (name: string, value: string | undefined) => {
    const { [name as Name]: _before, ...others } = filter;
    onSet((value === undefined ? others : { ...others, [name]: value }) as Filter<Name>);
  };
  return (
    <div className="toolbar">
      <FilterChips
        filters={filter}
        onRemove={(name) => {
          set(name, undefined);
        }}
        clear={() => {
          onSet({});
        }}
      >
        {picks.map(({ name, label, options }) => (
          <Pick
            key={name}
            label={label}
            value={filter[name]}
            options={options.map((value) => ({ value, label: value }))}
            onPick={(value) => {
              set(name, value);
            }}
          />
        ))}
      </FilterChips>
    </div>
  );
}
